import FoundationEssentials
import Glibc
import Net
import Netlink
import Testing

/// Links, addresses and routes, checked with `ip -j`.
@Suite(.enabled(if: mayMakeNamespaces)) struct RouteSocketTests {
    @Test func vethIsMadeByOneRequestAcrossNamespaces() throws {
        let peerNamespace = try NetworkNamespace.create()
        // Held to the end: a namespace that nobody has any more takes its link with it, and that the other end.
        let namespace = try NetworkNamespace.create()
        defer { withExtendedLifetime(namespace) {} }
        let (link, ip) = try namespace.run {
            var socket = try RouteSocket()
            try socket.perform(.addLink(.veth("host0", peer: "eth0", mtu: 1400, peerNamespace: peerNamespace)))
            return (try socket.link(.name("host0")), try IPLink.list("host0"))
        }
        #expect(link.name == "host0" && link.kind == "veth" && link.mtu == 1400 && !link.isUp && !link.isLoopback)
        #expect(ip.ifindex == link.index && ip.mtu == 1400 && ip.address == link.macAddress?.description)
        let (peer, peerIP) = try peerNamespace.run {
            var socket = try RouteSocket()
            return (try socket.links(), try IPLink.list("eth0"))
        }
        #expect(Set(peer.map { $0.name }) == ["lo", "eth0"])
        #expect(peerIP.mtu == 1400 && peerIP.ifindex == link.peerIndex)
        #expect(link.peerNamespaceID != nil)
    }

    @Test func linksAreGoneAtBothEndsWhenTheirRemovalReturns() throws {
        let peerNamespace = try NetworkNamespace.create()
        try inNewNamespace {
            var socket = try RouteSocket()
            for number in 0..<3 {
                try socket.perform(
                    .addLink(.veth("host\(number)", peer: "eth\(number)", mtu: 1500, peerNamespace: peerNamespace)))
            }
            let indexes = try (0..<3).map { try socket.link(.name("host\($0)")).index }
            try socket.remove(.deleteLink(.index(indexes[0])), of: [indexes[0]])
            #expect(try Set(socket.links().map(\.name)) == ["lo", "host1", "host2"])
            try socket.perform(indexes.dropFirst().map { .setLink(.index($0), LinkAttributes(group: 77)) })
            try socket.remove(.deleteLinks(group: 77), of: Array(indexes.dropFirst()))
            #expect(try socket.links().map(\.name) == ["lo"])
            // Whoever does it meanwhile: it is gone.
            try socket.remove(.deleteLink(.index(indexes[0])), of: [indexes[0]])
            // A refusal is the kernel's own.
            let error = #expect(throws: NetlinkError.self) {
                try socket.remove(.deleteLink(.name("lo")), of: [try socket.link(.name("lo")).index])
            }
            #expect(error?.errno == EOPNOTSUPP)
        }
        let left = try peerNamespace.run {
            var socket = try RouteSocket()
            return try socket.links().map(\.name)
        }
        #expect(left == ["lo"])
    }

    @Test func linksAreChanged() throws {
        let target = try NetworkNamespace.create()
        let mac = try MACAddress("02:42:ac:11:00:02")
        try inNewNamespace {
            var socket = try RouteSocket()
            // Indexes of our choice let one send use what it makes.
            try socket.perform([
                .addLink(LinkSpecification(LinkAttributes(name: "br0", index: 100), kind: .bridge)),
                .addLink(.veth("host0", peer: "eth0", mtu: 1500, index: 101)),
                .setLink(.index(100), LinkAttributes(isUp: true)),
                .setLink(
                    .name("host0"), LinkAttributes(mtu: 1300, macAddress: mac, masterIndex: 100, isUp: true)),
                .setLink(.name("eth0"), LinkAttributes(isUp: true)),
            ])
            let host = try socket.link(.index(101))
            #expect(host.masterIndex == 100 && host.mtu == 1300 && host.macAddress == mac && host.isUp)
            #expect(host.hasCarrier)
            let ip = try IPLink.list("host0")
            #expect(ip.master == "br0" && ip.mtu == 1300 && ip.address == "02:42:ac:11:00:02")
            #expect(ip.flags.contains("UP") && ip.linkinfo?.info_kind == "veth")
            #expect(try IPLink.list("br0").linkinfo?.info_kind == "bridge")
            try socket.perform([
                .setLink(.index(101), LinkAttributes(name: "host1", masterIndex: 0)),
                .setLink(.name("eth0"), LinkAttributes(namespace: target)),
            ])
            #expect(try IPLink.list("host1").master == nil)
            #expect(throws: NetlinkError.self) { try socket.link(.name("eth0")) }
            #expect(try target.run { try IPLink.list("eth0") }.ifname == "eth0")
            try socket.perform(.deleteLink(.name("host1")))
            let names = try socket.links().map { $0.name }
            #expect(names.sorted() == ["br0", "lo"])
        }
        // The other end went with it.
        #expect(throws: Tool.Failure.self) { try target.run { try IPLink.list("eth0") } }
    }

    @Test func addressesOfBothFamilies() throws {
        try inNewNamespace {
            var socket = try RouteSocket()
            try socket.perform(.addLink(.veth("host0", peer: "eth0", mtu: 1500, index: 101)))
            let v4 = InterfaceAddress(try IPAddress("10.0.0.1"), prefixLength: 24, linkIndex: 101)
            let v6 = InterfaceAddress(
                try IPAddress("fd00::1"), prefixLength: 64, linkIndex: 101, skipsDuplicateDetection: true)
            let host = InterfaceAddress(
                try IPAddress("169.254.1.1"), prefixLength: 32, linkIndex: 101, scope: .link)
            try socket.perform([.addAddress(v4), .addAddress(v6), .addAddress(host)])
            #expect(try Set(socket.addresses(linkIndex: 101)) == [v4, v6, host])
            #expect(try socket.addresses(.ipv6, linkIndex: 101) == [v6])
            let ip = try Tool.run("ip", "-j", "address", "show", "dev", "host0")
            #expect(ip.contains(#""local":"10.0.0.1","prefixlen":24,"scope":"global""#))
            #expect(ip.contains(#""local":"169.254.1.1","prefixlen":32,"scope":"link""#))
            #expect(ip.contains(#""local":"fd00::1","prefixlen":64"#) && ip.contains(#""nodad":true"#))
            let error = #expect(throws: NetlinkError.self) { try socket.perform(.addAddress(v4)) }
            #expect(error?.errno == EEXIST)
            #expect(error?.description.hasPrefix("address 10.0.0.1/24 of link 101: File exists (EEXIST)") == true)
            try socket.perform([.deleteAddress(v4), .deleteAddress(v6)])
            #expect(try socket.addresses(linkIndex: 101) == [host])
        }
    }

    @Test(arguments: IPFamily.allCases) func routes(_ family: IPFamily) throws {
        let isV4 = family == .ipv4
        let own = try IPAddress(isV4 ? "10.0.0.1" : "fd00::1")
        let gateway = try IPAddress(isV4 ? "10.0.0.2" : "fd00::2")
        let offLink = try IPAddress(isV4 ? "169.254.1.1" : "fe80::1")
        let pods = try IPPrefix(isV4 ? "10.244.1.0/24" : "fd44:1::/64")
        let others = try IPPrefix(isV4 ? "10.244.2.0/24" : "fd44:2::/64")
        let all = try IPPrefix(isV4 ? "0.0.0.0/0" : "::/0")
        try inNewNamespace {
            var socket = try RouteSocket()
            try setUp(&socket, own)
            try socket.perform([
                .addRoute(Route(to: pods, gateway: gateway)),
                .addRoute(Route(to: others, linkIndex: 101, source: own, metric: 7)),
                .addRoute(Route(to: all, gateway: offLink, linkIndex: 101, isOnLink: true, table: 1000)),
            ])
            let route = try #require(try socket.routes(family).first { $0.destination == pods })
            #expect(route.gateway == gateway && route.linkIndex == 101 && route.kind == .unicast)
            let direct = try #require(try socket.routes(family).first { $0.destination == others })
            #expect(direct.source == own && direct.metric == 7 && direct.gateway == nil)
            let onLink = try #require(try socket.routes(family, table: 1000).first)
            #expect(onLink.destination == all && onLink.isOnLink && onLink.gateway == offLink && onLink.table == 1000)
            #expect(try socket.routes(family, table: 1001) == [])
            #expect(try socket.routes(family, table: nil).contains { $0.table == Route.localTable })

            let family = isV4 ? "-4" : "-6"
            let ip = try Tool.run("ip", "-j", family, "route", "show", "table", "all")
            #expect(ip.contains(#""dst":"\#(pods)","gateway":"\#(gateway)","dev":"host0""#))
            #expect(ip.contains(#""gateway":"\#(offLink)","dev":"host0","table":"1000""#) && ip.contains("onlink"))

            try socket.perform(.replaceRoute(Route(to: pods, linkIndex: 101)))
            #expect(try socket.routes(route.destination.family).first { $0.destination == pods }?.gateway == nil)
            #expect(try socket.route(to: pods.lastAddress).linkIndex == 101)
            try socket.perform(.deleteRoute(Route(to: pods)))
            #expect(try !socket.routes(route.destination.family).contains { $0.destination == pods })
            let error = #expect(throws: NetlinkError.self) { try socket.route(to: pods.lastAddress) }
            #expect(error?.errno == ENETUNREACH)
        }
    }

    @Test func errorsNameTheFailingRequest() throws {
        try inNewNamespace {
            var socket = try RouteSocket()
            try setUp(&socket, try IPAddress("10.0.0.1"))
            let pods = try IPPrefix("10.244.1.0/24")
            let error = #expect(throws: NetlinkError.self) {
                try socket.perform([
                    .addRoute(Route(to: pods, linkIndex: 101)),
                    .addRoute(Route(to: try IPPrefix("10.244.2.0/24"), gateway: try IPAddress("192.0.2.1"))),
                    .deleteLink(.name("absent")),
                ])
            }
            #expect(error?.requestIndex == 1 && error?.errno == ENETUNREACH)
            #expect(
                error?.description == """
                    route 10.244.2.0/24 via 192.0.2.1: Network is unreachable (ENETUNREACH): \
                    Nexthop has invalid gateway
                    """)
            #expect(try socket.routes(.ipv4).contains { $0.destination == pods })
            let absent = #expect(throws: NetlinkError.self) { try socket.link(.name("absent")) }
            #expect(absent?.description == "link absent: No such device (ENODEV)")
        }
    }

    @Test func neighboursAndRules() throws {
        try inNewNamespace {
            var socket = try RouteSocket()
            try setUp(&socket, try IPAddress("10.0.0.1"))
            let mac = try MACAddress("02:42:ac:11:00:02")
            let neighbour = Neighbour(try IPAddress("10.0.0.9"), linkIndex: 101, macAddress: mac)
            let sixth = Neighbour(try IPAddress("fd00::9"), linkIndex: 101, macAddress: mac)
            try socket.perform([.setNeighbour(neighbour), .setNeighbour(sixth), .setNeighbour(neighbour)])
            #expect(try socket.neighbours(.ipv4, linkIndex: 101).contains(neighbour))
            #expect(try socket.neighbours(.ipv6).contains(sixth))
            let text = try Tool.run("ip", "-j", "neighbour", "show", "10.0.0.9")
            #expect(text.contains(#""lladdr":"02:42:ac:11:00:02""#) && text.contains("PERMANENT"))
            try socket.perform(.deleteNeighbour(neighbour))
            #expect(try !socket.neighbours(.ipv4).contains(neighbour))

            let rules = [
                RoutingRule(.ipv4, priority: 512, table: 1000, mark: .init(0x4000, mask: 0x4000)),
                RoutingRule(
                    .ipv6, priority: 513, table: 100, source: try IPPrefix("fd44::/64"),
                    destination: try IPPrefix("fd96::/112")),
            ]
            try socket.perform(rules.map { .addRule($0) })
            #expect(try socket.rules(.ipv4).contains(rules[0]) && socket.rules(.ipv6).contains(rules[1]))
            #expect(try Tool.run("ip", "rule").contains("512:\tfrom all fwmark 0x4000/0x4000 lookup 1000"))
            #expect(try Tool.run("ip", "-6", "rule").contains("513:\tfrom fd44::/64 to fd96::/112 lookup 100"))
            let error = #expect(throws: NetlinkError.self) { try socket.perform(.addRule(rules[0])) }
            #expect(error?.errno == EEXIST)
            try socket.perform(rules.map { .deleteRule($0) })
            #expect(try !socket.rules(.ipv4).contains(rules[0]))
        }
    }

    /// A veth pair that is up, whose near end, link 101, has the address.
    private func setUp(_ socket: inout RouteSocket, _ address: IPAddress) throws {
        try socket.perform([
            .addLink(.veth("host0", peer: "eth0", mtu: 1500, index: 101)),
            .setLink(.name("eth0"), LinkAttributes(isUp: true)),
            .setLink(.name("host0"), LinkAttributes(isUp: true)),
            .addAddress(
                InterfaceAddress(
                    address, prefixLength: address.family == .ipv4 ? 24 : 64, linkIndex: 101,
                    skipsDuplicateDetection: true)),
        ])
    }
}

extension LinkSpecification {
    static func veth(
        _ name: String, peer: String, mtu: UInt32, index: Int32? = nil, peerNamespace: NetworkNamespace? = nil
    ) -> LinkSpecification {
        LinkSpecification(
            LinkAttributes(name: name, index: index, mtu: mtu),
            kind: .veth(peer: LinkAttributes(name: peer, mtu: mtu, namespace: peerNamespace)))
    }
}

/// What `ip -j -d link` says, under its names.
private struct IPLink: Decodable {
    struct Info: Decodable { let info_kind: String? }

    let ifname: String
    let ifindex: Int32
    let mtu: UInt32
    let address: String?
    let master: String?
    let flags: [String]
    let linkinfo: Info?

    static func list(_ name: String) throws -> IPLink {
        let text = try Tool.run("ip", "-j", "-d", "link", "show", name)
        return try #require(try JSONDecoder().decode([IPLink].self, from: Data(text.utf8)).first)
    }
}
