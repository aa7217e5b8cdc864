import Glibc
import Net
import Netlink
import Testing

/// Bridges and what is set of links besides addresses, checked with `ip` and `bridge`.
@Suite(.enabled(if: mayMakeNamespaces)) struct BridgeLinkTests {
    @Test func portsAndDetailsOfLinks() throws {
        let mac = try MACAddress("02:42:ac:11:00:02")
        try inNewNamespace {
            var socket = try RouteSocket()
            let port = BridgePort(hairpin: true, isIsolated: true, isLocked: true)
            let found = try socket.perform(
                [
                    .addLink(LinkSpecification(LinkAttributes(name: "br0", index: 100), kind: .bridge)),
                    .addLink(.veth("host0", peer: "eth0", mtu: 1500, index: 101)),
                    .setLink(.name("host0"), LinkAttributes(masterIndex: 100)),
                    .setLink(
                        .name("host0"),
                        LinkAttributes(
                            isUp: true, isPromiscuous: true, receivesAllMulticast: true, transmitQueueLength: 77,
                            alias: "of somebody", group: 4711, port: port)),
                    .setForwarding(mac, port: 101),
                ], reading: [.name("host0"), .name("absent"), .index(100)])
            let link = try #require(found[0])
            #expect(found[1] == nil && found[2]?.name == "br0")
            #expect(link.port == port && link.alias == "of somebody" && link.group == 4711 && link.isUp)
            #expect(link.isPromiscuous && link.receivesAllMulticast && link.transmitQueueLength == 77)
            #expect(found[2]?.bridge?.filtersVLANs == false && found[2]?.port == nil && link.bridge == nil)
            let text = try Tool.run("ip", "-d", "link", "show", "host0")
            for words in [
                "PROMISC", "ALLMULTI", "qlen 77", "alias of somebody", "group 4711", "hairpin on", "isolated on",
            ] {
                #expect(text.contains(words))
            }
            #expect(try Tool.run("bridge", "-d", "link", "show", "dev", "host0").contains("locked on"))
            #expect(try Tool.run("bridge", "fdb", "show", "dev", "host0").contains("\(mac) master br0 static"))
            // What is not named stays.
            try socket.perform(.setLink(.name("host0"), LinkAttributes(isPromiscuous: false, port: BridgePort())))
            let changed = try socket.link(.index(101))
            #expect(changed.port == BridgePort() && !changed.isPromiscuous && changed.receivesAllMulticast)
            #expect(changed.alias == "of somebody" && changed.isUp)
        }
    }

    @Test func aLinkIsInOperationWhenItCarriesPackets() throws {
        try inNewNamespace {
            var socket = try RouteSocket()
            try socket.perform([
                .addLink(.veth("host0", peer: "eth0", mtu: 1500)), .setLink(.name("host0"), LinkAttributes(isUp: true)),
            ])
            #expect(try !socket.link(.name("host0")).isOperational)
            try socket.perform(.setLink(.name("eth0"), LinkAttributes(isUp: true)))
            let deadline = ContinuousClock.now + .seconds(30)
            while try !socket.link(.name("host0")).isOperational, ContinuousClock.now < deadline {
                MonotonicClock.pause(nanoseconds: 1_000_000)
            }
            #expect(try Tool.run("ip", "link", "show", "host0").contains("state UP"))
        }
    }

    @Test func linksOfAGroupGoTogether() throws {
        try inNewNamespace {
            var socket = try RouteSocket()
            for number in 0..<3 {
                try socket.perform([
                    .addLink(.veth("host\(number)", peer: "eth\(number)", mtu: 1500)),
                    .setLink(.name("host\(number)"), LinkAttributes(group: number == 1 ? 0 : 70_000)),
                ])
            }
            try socket.perform(.deleteLinks(group: 70_000))
            #expect(try Set(socket.links().map { $0.name }) == ["lo", "host1", "eth1"])
            let error = #expect(throws: NetlinkError.self) { try socket.perform(.deleteLinks(group: 70_000)) }
            #expect(error?.isAbsence == true)
        }
    }

    @Test func whatExistsMayBeAccepted() throws {
        try inNewNamespace {
            var socket = try RouteSocket()
            let bridge = RouteRequest.addLink(LinkSpecification(LinkAttributes(name: "br0"), kind: .bridge))
            try socket.perform(bridge)
            let error = #expect(throws: NetlinkError.self) { try socket.perform(bridge) }
            #expect(error?.isExistence == true)
            let found = try socket.perform([bridge], acceptsExisting: true, reading: [.name("br0")])
            #expect(found[0]?.kind == "bridge")
            // Only that is accepted.
            #expect(throws: NetlinkError.self) {
                try socket.perform([bridge, .deleteLink(.name("absent"))], acceptsExisting: true, reading: [])
            }
        }
    }

    @Test(arguments: IPFamily.allCases) func routesWithMetrics(_ family: IPFamily) throws {
        let isV4 = family == .ipv4
        let destination = try IPPrefix(isV4 ? "192.0.2.0/24" : "2001:db8:1::/48")
        try inNewNamespace {
            var socket = try RouteSocket()
            try socket.perform([
                .addLink(.veth("host0", peer: "eth0", mtu: 1500, index: 101)),
                .setLink(.name("eth0"), LinkAttributes(isUp: true)),
                .setLink(.name("host0"), LinkAttributes(isUp: true)),
            ])
            let route = Route(to: destination, linkIndex: 101, metric: 9, mtu: 1300, advertisedMSS: 1200)
            try socket.perform(.addRoute(route))
            let found = try #require(try socket.routes(family).first { $0.destination == destination })
            #expect(found.mtu == 1300 && found.advertisedMSS == 1200 && found.metric == 9)
            let text = try Tool.run("ip", isV4 ? "-4" : "-6", "route")
            #expect(text.contains("\(destination) dev host0") && text.contains("mtu 1300 advmss 1200"))
            let error = #expect(throws: NetlinkError.self) { try socket.perform(.appendRoute(route)) }
            #expect(error?.isExistence == true)
            // Those that lead nowhere are left out.
            let elsewhere = try IPAddress(isV4 ? "198.51.100.1" : "2001:db8:2::1")
            let ways = try socket.routes(to: [elsewhere, destination.lastAddress, elsewhere])
            #expect(ways.map { $0.linkIndex } == [101])
        }
    }

    @Test(.enabled(if: hasBridgeVLANs, "this kernel's bridges know no VLANs")) func vlansOfPorts() throws {
        try inNewNamespace {
            var socket = try RouteSocket()
            try socket.perform([
                .addLink(LinkSpecification(LinkAttributes(name: "br0", index: 100, filtersVLANs: true), kind: .bridge)),
                .addLink(.veth("host0", peer: "eth0", mtu: 1500, index: 101)),
                .setLink(.name("host0"), LinkAttributes(masterIndex: 100)),
            ])
            let bridge = try socket.link(.index(100)).bridge
            #expect(bridge?.filtersVLANs == true && bridge?.defaultVLAN == 1)
            let ranges: [BridgeVLANs.VLANRange] = [
                .init(first: 7, last: 7, isUntagged: true), .init(first: 20, last: 29),
            ]
            try socket.perform([
                .deleteVLANs(BridgeVLANs(linkIndex: 101, [.init(first: 1, last: 1)])),
                .addVLANs(BridgeVLANs(linkIndex: 101, ranges)),
                .addVLANs(BridgeVLANs(linkIndex: 100, isBridge: true, [.init(first: 7, last: 7)])),
                .addLink(LinkSpecification(LinkAttributes(name: "br0.7", index: 102), kind: .vlan(id: 7, of: 100))),
            ])
            #expect(try socket.vlans().first { $0.linkIndex == 101 }?.ranges == ranges)
            let port = try Tool.run("bridge", "-compressvlans", "vlan", "show", "dev", "host0")
            #expect(port.contains("7 PVID Egress Untagged") && port.contains("20-29"))
            #expect(try Tool.run("bridge", "vlan", "show", "dev", "br0").contains("7"))
            #expect(try Tool.run("ip", "-d", "link", "show", "br0.7").contains("id 7"))
            #expect(try socket.link(.name("br0.7")).kind == "vlan")
        }
    }
}

private let hasBridgeVLANs =
    mayMakeNamespaces
    && (try? inNewNamespace { () throws -> Void in
        var socket = try RouteSocket()
        let attributes = LinkAttributes(name: "br0", filtersVLANs: true)
        try socket.perform(.addLink(LinkSpecification(attributes, kind: .bridge)))
    }) != nil
