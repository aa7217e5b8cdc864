import Net
import Netlink
import TestSupport
import Testing

@testable import CNI

@Suite("Host ports, with real packets", .podNamespaces, .serialized)
struct HostPortTrafficTests {
    @Test("lead to the pod from outside, from the node, over loopback, from the pod itself and from its neighbour")
    func everywhere() throws {
        let lab = try PodRulesLab()
        let (pod, neighbour) = (lab.lab.pods[0], lab.lab.pods[1])
        try lab.add(lab.rules(pod, [PodRulesLab.port(18080), PodRulesLab.port(18081, .udp)]))
        for (port, transport) in [(UInt16(18080), L4Protocol.tcp), (18081, .udp)] {
            for address in lab.lab.node.address.both {
                let client = try lab.lab.client.probe(address, port: port, transport)
                #expect(client == .answered(by: pod.name, source: lab.lab.clientAddress[address.family]))
                let node = try lab.node.probe(address, port: port, transport)
                #expect(node == .answered(by: pod.name, source: address))
                // Masqueraded, or the answer would not pass the node.
                for caller in [pod, neighbour] {
                    let outcome = try caller.namespace.probe(address, port: port, transport)
                    #expect(outcome.server == pod.name, "from \(caller.name) to \(address) \(transport)")
                    #expect(outcome.source == lab.lab.node.gateway[address.family])
                }
            }
            let loopback = try lab.node.probe(LabAddresses.loopback.v4, port: port, transport)
            #expect(loopback.server == pod.name)
            #expect(loopback.source == lab.lab.node.gateway.v4)
        }
        #expect(try lab.node.probe(LabAddresses.loopback.v6, port: 18080) == .refused)
        // The other protocol's port of the same number is another port.
        #expect(try lab.lab.client.probe(lab.lab.node.address.v4, port: 18081) == .refused)
        // What is not for this node is not ours.
        #expect(try lab.node.probe(lab.lab.otherNode.address.v4, port: 18080) == .refused)
    }

    @Test("on one address are no ports of the others")
    func oneAddress() throws {
        let lab = try PodRulesLab()
        let more = LabAddresses.host(50)
        try lab.lab.addAddress(more)
        let (first, second) = (lab.lab.pods[0], lab.lab.pods[1])
        let ports = [more.v4, more.v6, LabAddresses.loopback.v4].map { PodRulesLab.port(18080, on: $0) }
        try lab.add(lab.rules(first, ports))
        let others = lab.lab.node.address.both.map { PodRulesLab.port(18080, on: $0) }
        #expect(try lab.lab.client.probe(lab.lab.node.address.v4, port: 18080) == .refused)
        try lab.add(lab.rules(second, others))
        for (address, pod) in [(more, first), (lab.lab.node.address, second)] {
            for address in address.both {
                #expect(try lab.lab.client.probe(address, port: 18080).server == pod.name)
            }
        }
        #expect(try lab.node.probe(LabAddresses.loopback.v4, port: 18080).server == first.name)
    }

    @Test("with an unspecified address are those of each address of that family")
    func unspecified() throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        let v4 = IPAddress(v4: 0)
        try lab.add(lab.rules(pod, [PodRulesLab.port(18080, on: v4), PodRulesLab.port(18080, on: v4)]))
        #expect(try lab.lab.client.probe(lab.lab.node.address.v4, port: 18080).server == pod.name)
        #expect(try lab.lab.client.probe(lab.lab.node.address.v6, port: 18080) == .refused)
    }

    @Test("masquerade all connections where they shall, by a bit of the mark, and leave the other bits")
    func masqueradesAll() throws {
        let lab = try PodRulesLab()
        let (pod, other) = (lab.lab.pods[0], lab.lab.pods[1])
        try lab.add(
            lab.rules(pod, [PodRulesLab.port(18080)]) {
                $0.masqueradesAll = true
                $0.markBit = 21
            })
        // Another pod that says nothing of marks keeps the bit, and its connections their source.
        try lab.add(lab.rules(other, [PodRulesLab.port(18081)]))
        try Tool.run(
            "nft", "-f", "-", in: lab.node,
            input: """
                table ip watch {
                    chain before { type filter hook prerouting priority -200; meta mark set 0x1000; }
                    chain between { type filter hook forward priority 0; ct direction original meta mark 0x201000 counter; }
                    chain after { type filter hook postrouting priority 300; ct direction original meta mark 0x1000 counter; }
                }
                """)
        let address = lab.lab.node.address.v4
        let masqueraded = try lab.lab.client.probe(address, port: 18080)
        #expect(masqueraded == .answered(by: pod.name, source: lab.lab.node.gateway.v4))
        let watched = try lab.nft("list", "table", "ip", "watch")
        #expect(watched.contains("mark 0x00201000 counter packets 1 "))
        #expect(!watched.contains("mark 0x00001000 counter packets 0 "))
        let plain = try lab.lab.client.probe(address, port: 18081)
        #expect(plain == .answered(by: other.name, source: lab.lab.clientAddress.v4))
        #expect(try lab.lab.client.probe(lab.lab.node.address.v6, port: 18080).source == lab.lab.node.gateway.v6)
        // A connection to the pod that came over no host port keeps its source.
        try lab.lab.client.run {
            var socket = try RouteSocket()
            try socket.perform(
                .addRoute(
                    Route(to: LabAddresses.prefix(pod.address.v4, 32), gateway: address, linkIndex: LabNode.lanLink)))
        }
        #expect(
            try lab.lab.client.probe(pod.address.v4, port: Lab.serverPort)
                == .answered(by: pod.name, source: lab.lab.clientAddress.v4))
    }

    @Test("without masquerade leave the sources as they are")
    func noMasquerade() throws {
        let lab = try PodRulesLab()
        let (pod, neighbour) = (lab.lab.pods[0], lab.lab.pods[1])
        try lab.add(lab.rules(pod, [PodRulesLab.port(18080)]) { $0.masqueradesLocal = false })
        let outcome = try neighbour.namespace.probe(lab.lab.node.address.v4, port: 18080)
        #expect(outcome == .answered(by: pod.name, source: neighbour.address.v4))
        #expect(try lab.nft("list", "set", "ip", "fairlead-cni", "host-port-pods").contains("elements") == false)
    }

    @Test("come after Services, whichever table was there first")
    func afterServices() throws {
        let lab = try PodRulesLab()
        let (pod, other) = (lab.lab.pods[0], lab.lab.pods[1])
        let services = """
            table ip services {
                chain prerouting { type nat hook prerouting priority dstnat; tcp dport 18080 dnat to \(other.address.v4):8080; }
            }
            """
        try Tool.run("nft", "-f", "-", in: lab.node, input: services)
        try lab.add(lab.rules(pod, [PodRulesLab.port(18080)]))
        let address = lab.lab.node.address.v4
        #expect(try lab.lab.client.probe(address, port: 18080).server == other.name)
        try Tool.run("nft", "delete", "table", "ip", "services", in: lab.node)
        #expect(try lab.lab.client.probe(address, port: 18080).server == pod.name)
        try Tool.run("nft", "-f", "-", in: lab.node, input: services)
        #expect(try lab.lab.client.probe(address, port: 18080).server == other.name)
    }

    @Test("open the node's loopback to nobody else")
    func foreignLoopback() throws {
        let lab = try PodRulesLab()
        let (pod, foreigner) = (lab.lab.pods[0], lab.lab.pods[1])
        let server = try lab.node.serve("secret", port: 19090, on: [LabAddresses.loopback.v4])
        defer { server.stop() }
        try lab.add(lab.rules(pod, [PodRulesLab.port(18080, on: LabAddresses.loopback.v4)]))
        try lab.add(lab.rules(foreigner, [PodRulesLab.port(18081)]))
        #expect(try lab.node.run { try Sysctl.read("net.ipv4.conf.veth\(foreigner.number).route_localnet") } == "1")
        // The foreigner's own namespace no longer keeps 127.0.0.1 for itself.
        let command = ["ip", "route", "del", "table", "local", "local", "127.0.0.0/8", "dev", "lo"]
        try Tool.run(command, in: foreigner.namespace)
        try Tool.run(
            ["ip", "route", "del", "table", "local", "local", "127.0.0.1", "dev", "lo"], in: foreigner.namespace)
        try foreigner.namespace.run { try Sysctl.write("net.ipv4.conf.all.route_localnet", "1") }
        try Tool.run(
            ["ip", "route", "add", "127.0.0.1", "via", "\(lab.lab.node.gateway.v4)", "dev", "eth0"],
            in: foreigner.namespace)
        try Tool.run(
            "nft", "-f", "-", in: lab.node,
            input: """
                table ip watch {
                    chain input { type filter hook input priority -1; iifname != "lo" ip daddr 127.0.0.1 counter; }
                    chain forward { type filter hook forward priority -1; tcp dport 8080 counter; }
                }
                """)
        func reach(_ port: UInt16) throws {
            let outcome = try foreigner.namespace.probe(
                LabAddresses.loopback.v4, port: port, timeoutMilliseconds: 300, source: foreigner.address.v4)
            #expect(outcome == .timedOut)
        }
        for port: UInt16 in [19090, 18080] { try reach(port) }
        let kept = try lab.nft("list", "table", "ip", "watch")
        #expect(kept.ranges(of: "counter packets 0 ").count == 2)
        // It is the rule that keeps it out. Its answers the foreigner drops itself.
        try Tool.run("nft", "flush", "chain", "ip", "fairlead-cni", "foreign-loopback", in: lab.node)
        for port: UInt16 in [19090, 18080] { try reach(port) }
        let open = try lab.nft("list", "table", "ip", "watch")
        #expect(open.ranges(of: "counter packets 0 ").isEmpty)
    }
}
