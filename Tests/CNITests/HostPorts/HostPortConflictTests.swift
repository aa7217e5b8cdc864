import Net
import Netlink
import Synchronization
import TestSupport
import Testing

@testable import CNI

@Suite("Host ports that are taken", .podNamespaces, .serialized)
struct HostPortConflictTests {
    @Test("by another attachment, are refused with its name, and nothing is changed")
    func attachment() throws {
        let lab = try PodRulesLab()
        let (pod, other) = (lab.lab.pods[0], lab.lab.pods[1])
        try lab.add(lab.rules(pod, [PodRulesLab.port(18080)]))
        let before = try lab.nft("list", "ruleset")
        let error = cniError { try lab.add(lab.rules(other, [PodRulesLab.port(18081), PodRulesLab.port(18080)])) }
        #expect(error?.code == .hostPortTaken)
        #expect(error?.message == "host port 18080/TCP is taken by eth0 of container \(pod.name) in network cluster")
        #expect(error?.details == "it leads to \(pod.address.v4) port 8080")
        #expect(try lab.nft("list", "ruleset") == before)
        // The other protocol is free, and so is the port afterwards.
        try lab.add(lab.rules(other, [PodRulesLab.port(18080, .udp)]))
        try lab.remove(pod)
        try lab.remove(other)
        try lab.add(lab.rules(other, [PodRulesLab.port(18080)]))
    }

    @Test("on one address, are taken on each address, and the other way round", arguments: IPFamily.allCases)
    func overlap(family: IPFamily) throws {
        let lab = try PodRulesLab()
        let (pod, other) = (lab.lab.pods[0], lab.lab.pods[1])
        let any = PodRulesLab.port(18080)
        let single = PodRulesLab.port(18080, on: lab.lab.node.address[family])
        for (first, second) in [(any, single), (single, any)] {
            try lab.add(lab.rules(pod, [first]))
            let error = cniError { try lab.add(lab.rules(other, [second])) }
            #expect(error?.code == .hostPortTaken)
            #expect(error?.message.contains("container \(pod.name) in network cluster") == true)
            try lab.remove(pod)
        }
        // One attachment may have both, and the narrower one counts.
        let elsewhere = HostPort(.tcp, hostAddress: single.hostAddress, hostPort: 18080, containerPort: 9)
        try lab.add(lab.rules(pod, [any, elsewhere]))
        #expect(try lab.lab.client.probe(lab.lab.node.address[family], port: 18080) == .refused)
        let otherFamily: IPFamily = family == .ipv4 ? .ipv6 : .ipv4
        #expect(try lab.lab.client.probe(lab.lab.node.address[otherFamily], port: 18080).server == pod.name)
    }

    @Test("by what is left of a pod that had the same address, are taken over")
    func leftOver() throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        let gone = CNI.Attachment(network: "cluster", containerID: "gone", interfaceName: "eth0")
        let ports = [PodRulesLab.port(18080), PodRulesLab.port(18081, on: lab.lab.node.address.v4)]
        try lab.add(lab.rules(pod, ports, masquerades: true, attachment: gone) { $0.masqueradesAll = true })
        let rules = lab.rules(pod, [PodRulesLab.port(18080), PodRulesLab.port(18081)], masquerades: true) {
            $0.masqueradesAll = true
        }
        try lab.add(rules)
        // The late DEL of the one that is gone takes nothing away.
        _ = try lab.node.run { try PodRules.remove(gone, addresses: pod.address.both) }
        _ = try lab.node.run { try PodRules.remove(gone, addresses: nil) }
        try lab.node.run { try rules.check() }
        #expect(try lab.lab.client.probe(lab.lab.node.address.v4, port: 18081).server == pod.name)
        let listing = try lab.nft("list", "ruleset")
        #expect(!listing.contains("gone"))
    }

    @Test(
        "by a process that listens, are refused with its name and number",
        arguments: [
            ("0.0.0.0", L4Protocol.tcp), ("::", .tcp), ("127.0.0.1", .tcp), ("::1", .tcp), ("0.0.0.0", .udp),
            ("::", .udp), ("192.168.7.1", .udp),
        ])
    func process(address: String, transport: L4Protocol) throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        let address = try #require(IPAddress(parsing: address))
        let server = try lab.node.serve("server", port: 18080, on: [address], transports: [transport])
        let rules = lab.rules(pod, [PodRulesLab.port(18081, transport), PodRulesLab.port(18080, transport)])
        let error = cniError { try lab.add(rules) }
        #expect(error?.code == .hostPortTaken)
        #expect(error?.message.contains("host port 18080/\(transport) is taken by ") == true)
        #expect(error?.message.contains("(pid \(ProcessNumber.own))") == true)
        #expect(error?.details == "it listens on \(address) port 18080")
        #expect(try lab.nft("list", "ruleset").isEmpty)
        server.stop()
        try lab.add(rules)
    }

    @Test("by a process on another address or protocol only, are free")
    func otherListeners() throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        let server = try lab.node.serve("server", port: 18080, on: [LabAddresses.loopback.v4], transports: [.tcp])
        defer { server.stop() }
        try lab.add(
            lab.rules(
                pod,
                [PodRulesLab.port(18080, .udp)] + lab.lab.node.address.both.map { PodRulesLab.port(18080, on: $0) }))
        #expect(try lab.lab.client.probe(lab.lab.node.address.v4, port: 18080).server == pod.name)
        #expect(try lab.node.probe(LabAddresses.loopback.v4, port: 18080).server == "server")
    }

    @Test("are refused where they cannot be")
    func impossible() throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        func code(_ ports: HostPort...) -> CNIError.Code? { cniError { try lab.add(lab.rules(pod, ports)) }?.code }
        #expect(code(HostPort(.tcp, hostPort: 0, containerPort: 80)) == .badConfiguration)
        #expect(code(HostPort(.tcp, hostPort: 80, containerPort: 0)) == .badConfiguration)
        #expect(code(PodRulesLab.port(18080, on: LabAddresses.loopback.v6)) == .unsupportedField)
        let twice = HostPort(.tcp, hostPort: 18080, containerPort: 9)
        #expect(code(PodRulesLab.port(18080), twice) == .badConfiguration)
    }

    @Test("by one of eight at once, are the others' errors")
    func race() throws {
        let lab = try PodRulesLab()
        let outcomes = try lab.concurrently(8) { index -> CNIError? in
            // Some want it on each address, some on one.
            let port = PodRulesLab.port(18080, on: index % 2 == 0 ? nil : lab.lab.node.address.v4)
            do {
                try lab.standIn(index, [port]).add()
                return nil
            } catch {
                return error as? CNIError
            }
        }
        let errors = outcomes.compactMap { $0 }
        let winners = Set(outcomes.indices.filter { outcomes[$0] == nil })
        #expect(errors.allSatisfy { $0.code == .hostPortTaken })
        #expect(winners.count == 1)
        for error in errors {
            let winner = try #require(winners.first)
            #expect(error.message.contains("container pod-\(winner) "))
        }
    }
}
