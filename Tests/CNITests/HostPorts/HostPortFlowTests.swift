import Net
import Netlink
import TestSupport
import Testing

@testable import CNI

@Suite("UDP flows through host ports", .podNamespaces, .serialized)
struct HostPortFlowTests {
    private let port = PodRulesLab.port(18053, .udp)

    private func flows(_ lab: PodRulesLab, _ family: IPFamily) throws -> [String] {
        try Tool.run("conntrack", "-L", "-p", "udp", "-f", family == .ipv4 ? "ipv4" : "ipv6", in: lab.node)
            .split(separator: "\n").map(String.init).filter { $0.contains("dport=18053") }
    }

    @Test("go to the pod that has the port now", arguments: IPFamily.allCases)
    func replaced(family: IPFamily) throws {
        let lab = try PodRulesLab()
        let (old, new) = (lab.lab.pods[0], lab.lab.pods[1])
        let target = SocketAddress(lab.lab.node.address[family], port: 18053)
        try lab.add(lab.rules(old, [port]))
        try lab.lab.client.run {
            var connection = HeldConnection(Probe(target, .udp, timeoutMilliseconds: 5000))
            #expect(connection.ask().server == old.name)
            #expect(try flows(lab, family).count == 1)
            try lab.remove(old)
            #expect(try flows(lab, family) == [])
            try lab.add(lab.rules(new, [port]))
            #expect(connection.ask().server == new.name)
            // A DEL that never came: the old one's elements are gone by another way, its flow is not.
            #expect(try lab.nft("flush", "ruleset").isEmpty)
            try lab.add(lab.rules(old, [port]))
            #expect(connection.ask().server == old.name)
            #expect(try flows(lab, family).count == 1)
        }
    }

    @Test("that began before there was a pod go to it", arguments: IPFamily.allCases)
    func begunEarlier(family: IPFamily) throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        let address = lab.lab.node.address[family]
        let source = SocketAddress(lab.lab.clientAddress[family], port: 40053)
        let probe = Probe(SocketAddress(address, port: 18053), .udp, timeoutMilliseconds: 5000, source: source)
        #expect(try lab.lab.client.run { probe.run() } == .refused)
        // Conntrack is not there before the first rule that needs it; a table of somebody else's begins it.
        try Tool.run(
            "nft", "-f", "-", in: lab.node,
            input: "table inet track { chain c { type filter hook input priority 0; ct state new counter; }\n}")
        #expect(try lab.lab.client.run { probe.run() } == .refused)
        #expect(try flows(lab, family).count == 1)
        try lab.add(lab.rules(pod, [port]))
        #expect(try lab.lab.client.run { probe.run() }.server == pod.name)
    }

    @Test("are cleared for that port of this node, and no others")
    func others() throws {
        let lab = try PodRulesLab()
        let (pod, caller) = (lab.lab.pods[0], lab.lab.pods[1])
        let outside = LabAddresses.external(8)
        // The same port number elsewhere, and another one here.
        let server = try lab.lab.serveBeyond("outside", on: [outside], port: 18053)
        defer { server.stop() }
        try lab.add(lab.rules(caller, [PodRulesLab.port(18054, .udp)], masquerades: true))
        for family in IPFamily.allCases {
            #expect(try caller.namespace.probe(outside[family], port: 18053, .udp).server == "outside")
            #expect(try lab.lab.client.probe(lab.lab.node.address[family], port: 18054, .udp).server == caller.name)
        }
        func all() throws -> Int {
            try IPFamily.allCases.map { family in
                try Tool.run("conntrack", "-L", "-p", "udp", "-f", family == .ipv4 ? "ipv4" : "ipv6", in: lab.node)
                    .split(separator: "\n").count { $0.contains("dport=1805") }
            }.reduce(0, +)
        }
        #expect(try all() == 4)
        try lab.add(lab.rules(pod, [port]))
        #expect(try all() == 4)
        try lab.remove(pod)
        #expect(try all() == 4)
        try lab.remove(caller)
        #expect(try all() == 2)
    }
}
