import Net
import Netlink
import TestSupport
import Testing

@testable import CNI

/// Containers on a bridge, with real packets.
@Suite(.wiringNamespaces) struct BridgeTests {
    @Test func twoPodsAndTheGatewayReachEachOtherAtOnce() throws {
        let lab = try WiringLab()
        let one = try lab.attach(.bridge(), "10.1.0.2/24", "fd01::2/64")
        let two = try lab.attach(.bridge(), "10.1.0.3/24", "fd01::3/64")
        let port = two.attachment.hostLinkName
        #expect(try lab.tool("bridge", "link", "show", "dev", port).contains("state forwarding"))
        let servers = try [one.serve(), two.serve(), lab.host.serve("host", port: 7, transports: [.udp])]
        try serving(servers) { () throws in
            for address in ["10.1.0.3", "fd01::3", "10.1.0.1", "fd01::1"] { #expect(try one.reaches(address)) }
            for address in ["10.1.0.2", "fd01::2", "10.1.0.1", "fd01::1"] { #expect(try two.reaches(address)) }
            for address in ["10.1.0.2", "fd01::3"] {
                let outcome = try lab.host.probe(try IPAddress(address), port: 7, .udp)
                #expect(outcome != .timedOut)
            }
        }
        #expect(try one.tool("ip", "route").contains("default via 10.1.0.1 dev eth0"))
        #expect(try one.tool("ip", "-6", "route").contains("default via fd01::1 dev eth0"))
        for forwarding in ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"] {
            #expect(try lab.run { try Sysctl.read(forwarding) } == "1")
        }
    }

    @Test func theResultSaysWhatIsThere() throws {
        let lab = try WiringLab()
        var wiring = WiringConfiguration.bridge()
        wiring.macAddress = try MACAddress("02:11:22:33:44:55")
        wiring.mtu = 1400
        let pod = try lab.pod()
        let result = try lab.attach(pod, wiring, ["10.1.0.2/24"])
        #expect(result.interfaces.map { $0.name } == ["cni0", pod.attachment.hostLinkName, "eth0"])
        #expect(result.interfaces.map { $0.sandbox } == [nil, nil, pod.path])
        #expect(result.interfaces.map { $0.mtu } == [1400, 1400, 1400])
        #expect(result.interfaces[2].macAddress == wiring.macAddress)
        var address = try AttachmentResult.Address(cidr: "10.1.0.2/24 10.1.0.1")
        address.interface = 2
        #expect(result.addresses == [address])
        for (interface, text) in [
            (result.interfaces[0], try lab.tool("ip", "-d", "link", "show", "cni0")),
            (result.interfaces[1], try lab.tool("ip", "-d", "link", "show", pod.attachment.hostLinkName)),
            (result.interfaces[2], try pod.tool("ip", "-d", "link", "show", "eth0")),
        ] {
            let address = try #require(interface.macAddress).description
            #expect(text.contains("mtu 1400") && text.contains(address))
        }
        let port = try lab.tool("ip", "-d", "link", "show", pod.attachment.hostLinkName)
        #expect(port.contains("alias fairlead/pods/\(pod.attachment.containerID)/eth0") && port.contains("master cni0"))
        #expect(try pod.tool("ip", "-d", "link").contains("alias \(pod.attachment.linkAlias)"))
        #expect(try lab.run { try Sysctl.read("net.ipv6.conf.cni0.accept_ra") } == "0")
    }

    @Test func theBridgeKeepsItsAddressWhenPortsComeAndGo() throws {
        let lab = try WiringLab()
        var addresses: Set<String> = []
        for number in 2..<6 {
            var wiring = WiringConfiguration.bridge()
            // Lower than any that the bridge may have.
            wiring.macAddress = MACAddress(bits: 0x0200_0000_0010 - UInt64(number))
            let pod = try lab.attach(wiring, "10.1.0.\(number)/24")
            try lab.run {
                var socket = try RouteSocket()
                addresses.insert(try #require(try socket.link(.name("cni0")).macAddress?.description))
                try PodLink(wiring, pod.attachment).detach(PodNamespace(path: pod.path))
                addresses.insert(try #require(try socket.link(.name("cni0")).macAddress?.description))
            }
        }
        #expect(addresses.count == 1)
    }

    @Test func theMTUIsTheUplinks() throws {
        let lab = try WiringLab()
        _ = try lab.tool("ip", "link", "add", "up0", "mtu", "1450", "type", "veth", "peer", "name", "up1")
        _ = try lab.tool("ip", "link", "set", "up1", "up")
        _ = try lab.tool("ip", "link", "set", "up0", "up")
        _ = try lab.tool("ip", "address", "add", "198.51.100.2/24", "dev", "up0")
        _ = try lab.tool("ip", "route", "add", "default", "via", "198.51.100.1")
        let pod = try lab.attach(.bridge(), "10.1.0.2/24")
        #expect(try pod.tool("ip", "link", "show", "eth0").contains("mtu 1450"))
        #expect(try lab.tool("ip", "link", "show", "cni0").contains("mtu 1450"))
        let routed = try lab.attach(.ptp, "10.2.0.2/24 10.2.0.1")
        #expect(try routed.tool("ip", "link", "show", "eth0").contains("mtu 1450"))
    }

    @Test func portsAreAsConfigured() throws {
        let lab = try WiringLab()
        let plain = try lab.attach(.bridge(), "10.1.0.2/24")
        let hairpin = try lab.attach(.bridge { $0.hairpin = true }, "10.1.0.3/24")
        let isolated = try ["10.1.0.4/24", "10.1.0.5/24"].map {
            try lab.attach(.bridge { $0.isolatesPorts = true }, $0)
        }
        func port(_ pod: Pod) throws -> String {
            try lab.tool("bridge", "-d", "link", "show", "dev", pod.attachment.hostLinkName)
        }
        #expect(try port(plain).contains("hairpin off") && port(plain).contains("isolated off"))
        #expect(try port(hairpin).contains("hairpin on"))
        #expect(try port(isolated[0]).contains("isolated on"))
        let servers = try [plain.serve(), isolated[1].serve()]
        try serving(servers) { () throws in
            #expect(try isolated[0].reaches("10.1.0.2"))
            #expect(try plain.reaches("10.1.0.5"))
            #expect(try !isolated[0].reaches("10.1.0.5", timeoutMilliseconds: neverMilliseconds))
        }
        _ = try lab.attach(.bridge { $0.isPromiscuous = true }, "10.1.0.6/24")
        #expect(try lab.tool("ip", "link", "show", "cni0").contains("PROMISC"))
    }

    @Test func aForgedSourceAddressDoesNotPass() throws {
        let lab = try WiringLab()
        let checked = try lab.attach(.bridge { $0.checksSourceMAC = true }, "10.1.0.2/24")
        let other = try lab.attach(.bridge(), "10.1.0.3/24")
        let server = try other.serve()
        try serving([server]) { () throws in
            #expect(try checked.reaches("10.1.0.3"))
            _ = try checked.tool("ip", "link", "set", "eth0", "address", "02:00:00:00:00:99")
            #expect(try !checked.reaches("10.1.0.3", timeoutMilliseconds: neverMilliseconds))
            _ = try other.tool("ip", "link", "set", "eth0", "address", "02:00:00:00:00:98")
            let gateway = try lab.host.serve("host", port: 7, transports: [.udp])
            try serving([gateway]) { () throws in #expect(try other.reaches("10.1.0.1")) }
        }
    }

    @Test(.bridgeVLANs) func vlansAreApart() throws {
        let lab = try WiringLab()
        func vlan(_ id: UInt16, keepsDefault: Bool = true, isGateway: Bool = true) -> WiringConfiguration {
            .bridge {
                $0.vlan = id
                $0.keepsDefaultVLAN = keepsDefault
                $0.isGateway = isGateway
                $0.isDefaultGateway = isGateway
            }
        }
        let hundred = try ["10.1.0.2/24", "10.1.0.3/24"].map {
            try lab.attach(vlan(100), $0, "fd01::\($0.dropFirst(7).prefix(1))/64")
        }
        // Of the same network, but not on the same wire.
        let stranger = try lab.attach(vlan(200, keepsDefault: false, isGateway: false), "10.1.0.4/24")
        let two = try lab.attach(vlan(200, keepsDefault: false), "10.3.0.4/24")
        let servers = try [
            hundred[0].serve(), hundred[1].serve(), stranger.serve(),
            lab.host.serve("host", port: 7, transports: [.udp]),
        ]
        try serving(servers) { () throws in
            #expect(try hundred[0].reaches("10.1.0.3"))
            #expect(try hundred[0].reaches("fd01::3"))
            #expect(try hundred[0].reaches("10.1.0.1"))
            #expect(try hundred[1].reaches("fd01::1"))
            #expect(try two.reaches("10.3.0.1"))
            #expect(try !hundred[0].reaches("10.1.0.4", timeoutMilliseconds: neverMilliseconds))
            #expect(try !stranger.reaches("10.1.0.2", timeoutMilliseconds: neverMilliseconds))
        }
        let list = try lab.tool("bridge", "vlan", "show", "dev", two.attachment.hostLinkName)
        #expect(list.contains("200 PVID Egress Untagged") && !list.contains(" 1 "))
        #expect(try lab.tool("ip", "-d", "link", "show", "cni0.100").contains("vlan protocol 802.1Q id 100"))
        #expect(try lab.tool("ip", "address", "show", "cni0.200").contains("10.3.0.1/24"))
    }

    @Test(.bridgeVLANs) func aTrunkCarriesItsVLANs() throws {
        let lab = try WiringLab()
        let pod = try lab.attach(
            .bridge { $0.trunk = [.init(first: 10, last: 12), .init(first: 20, last: 20)] }, "10.1.0.2/24")
        let list = try lab.tool("bridge", "-compressvlans", "vlan", "show", "dev", pod.attachment.hostLinkName)
        #expect(list.contains("1 PVID Egress Untagged") && list.contains("10-12") && list.contains("20"))
    }

    @Test func anAddressThatOverlapsIsAnErrorOrReplaced() throws {
        let lab = try WiringLab()
        _ = try lab.attach(.bridge(), "10.1.0.2/24", "fd01::2/64")
        let pod = try lab.pod()
        let before = try lab.traces()
        let error = #expect(throws: CNIError.self) { try lab.attach(pod, .bridge(), ["10.1.0.9/24 10.1.0.254"]) }
        #expect(error?.code == .badConfiguration)
        #expect(error?.message.contains("10.1.0.1/24") == true && error?.message.contains("10.1.0.254/24") == true)
        try lab.expectNoChange(since: before)
        try lab.attach(pod, .bridge { $0.replacesAddress = true }, ["10.1.0.9/24 10.1.0.254"])
        let text = try lab.tool("ip", "address", "show", "cni0")
        #expect(text.contains("10.1.0.254/24") && !text.contains("10.1.0.1/24") && text.contains("fd01::1/64"))
        // A network beside it is no conflict.
        _ = try lab.attach(.bridge(), "10.9.0.2/24")
        #expect(try lab.tool("ip", "address", "show", "cni0").contains("10.9.0.1/24"))
    }

    @Test func anInterfaceThatTheRuntimeWantsDownStaysDown() throws {
        let lab = try WiringLab()
        let pod = try lab.attach(
            .bridge {
                $0.leavesInterfaceDown = true
                $0.isGateway = false
                $0.isDefaultGateway = false
            })
        #expect(try pod.tool("ip", "link", "show", "eth0").contains("state DOWN"))
        let layer2 = try lab.attach(
            .bridge {
                $0.isGateway = false
                $0.isDefaultGateway = false
            })
        #expect(try layer2.tool("ip", "link", "show", "eth0").contains("state UP"))
        #expect(try !layer2.tool("ip", "-4", "address", "show", "eth0").contains("inet"))
    }

    @Test func hairpinAndPromiscuousModeExcludeEachOther() throws {
        let lab = try WiringLab()
        let pod = try lab.pod()
        let both = WiringConfiguration.bridge { ($0.hairpin, $0.isPromiscuous) = (true, true) }
        let error = #expect(throws: CNIError.self) { try lab.attach(pod, both, ["10.1.0.2/24"]) }
        #expect(error?.code == .badConfiguration)
        #expect(try !lab.tool("ip", "link").contains("cni0"))
    }

    @Test func aLinkThatIsNoBridgeIsRefused() throws {
        let lab = try WiringLab()
        _ = try lab.tool("ip", "link", "add", "cni0", "type", "veth", "peer", "name", "other0")
        let pod = try lab.pod()
        let error = #expect(throws: CNIError.self) { try lab.attach(pod, .bridge(), ["10.1.0.2/24"]) }
        #expect(error?.description == "link cni0 is there already, and is no bridge")
    }

    @Test func anAddressThatMovesToAnotherPodIsFoundAtOnce() throws {
        let lab = try WiringLab()
        let neighbour = try lab.attach(.bridge(), "10.1.0.2/24", "fd01::2/64")
        let first = try lab.attach(.bridge(), "10.1.0.3/24", "fd01::3/64")
        try serving([first.serve()]) { () throws in
            #expect(try neighbour.reaches("10.1.0.3"))
            #expect(try neighbour.reaches("fd01::3"))
        }
        func known(_ address: String) throws -> String { try neighbour.tool("ip", "neighbour", "show", address) }
        let old = first.attachment.macAddress.description
        #expect(try known("10.1.0.3").contains(old) && known("fd01::3").contains(old))
        try lab.run { try PodLink(.bridge(), first.attachment).detach(PodNamespace(path: first.path)) }
        let second = try lab.attach(.bridge(), "10.1.0.3/24", "fd01::3/64")
        let new = second.attachment.macAddress.description
        // The announcement was sent before `attach` returned, and a bridge hands it on in the same breath.
        #expect(try known("10.1.0.3").contains(new) && known("fd01::3").contains(new))
    }

    @Test func uniqueAddressesAreWaitedForWhenAskedTo() throws {
        let lab = try WiringLab()
        var wiring = WiringConfiguration.bridge()
        wiring.detectsDuplicateAddresses = true
        let pod = try lab.attach(wiring, "10.1.0.2/24", "fd01::2/64")
        let text = try pod.tool("ip", "-6", "address", "show", "eth0")
        #expect(text.contains("fd01::2/64") && !text.contains("tentative") && !text.contains("nodad"))
        let twin = try lab.pod()
        let before = try lab.traces()
        let error = #expect(throws: CNIError.self) { try lab.attach(twin, wiring, ["10.1.0.3/24", "fd01::2/64"]) }
        #expect(error?.message.contains("somebody else has the address fd01::2") == true)
        try lab.expectNoChange(since: before)
    }

    @Test func eightAtOnceMakeOneBridge() throws {
        let lab = try WiringLab()
        let pods = try (2..<10).map { ($0, try lab.pod()) }
        let failures = Failures()
        let threads = try pods.map { number, pod in
            try lab.run {
                try JoinableThread {
                    do {
                        let ipam = AttachmentResult(addresses: [
                            try .init(cidr: "10.1.0.\(number)/24"), try .init(cidr: "fd01::\(number)/64"),
                        ])
                        _ = try PodLink(.bridge(), pod.attachment).attach(PodNamespace(path: pod.path), ipam)
                    } catch { failures.add("\(number): \(error)") }
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(failures.all.isEmpty)
        let links = try lab.tool("ip", "-o", "link", "show", "type", "bridge")
        #expect(links.split(separator: "\n").count == 1)
        let text = try lab.tool("ip", "address", "show", "cni0")
        #expect(text.contains("10.1.0.1/24") && text.contains("fd01::1/64"))
        #expect(try lab.run { try Sysctl.read("net.ipv6.conf.cni0.accept_ra") } == "0")
        let servers = try pods.map { try $1.serve() }
        try serving(servers) { () throws in
            // A container's own addresses go over its loopback, which is down.
            for (number, _) in pods.dropFirst() { #expect(try pods[0].1.reaches("10.1.0.\(number)")) }
            for (number, _) in pods.dropLast() { #expect(try pods[7].1.reaches("fd01::\(number)")) }
        }
    }
}
