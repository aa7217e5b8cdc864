import Net
import Netlink
import TestSupport
import Testing

@testable import CNI

@Suite("The tables of the pods", .podNamespaces, .serialized)
struct PodTableTests {
    @Test("are left with the constant part alone by DEL, however it is asked", arguments: [true, false])
    func removal(knowsAddresses: Bool) throws {
        let lab = try PodRulesLab()
        let pods = lab.lab.pods
        func rules(_ pod: LabPod) -> PodRules {
            let ports = [
                PodRulesLab.port(18000 + UInt16(pod.number)), PodRulesLab.port(19000 + UInt16(pod.number), .udp),
                PodRulesLab.port(17000 + UInt16(pod.number), .sctp),
                PodRulesLab.port(18100, on: IPAddress(v4: 0xC0A8_0700 + UInt32(pod.number))),
            ]
            return lab.rules(pod, ports, masquerades: true) { $0.masqueradesAll = true }
        }
        try lab.add(rules(pods[0]))
        let constant = try lab.constantPart()
        try lab.remove(pods[0], knowsAddresses: knowsAddresses)
        let empty = try lab.nft("list", "ruleset")
        #expect(!empty.contains("elements"))
        #expect(!constant.contains("elements"))
        for pod in pods[..<3] { try lab.add(rules(pod)) }
        #expect(try lab.constantPart() == constant)
        let three = try lab.nft("list", "ruleset")
        for pod in pods[..<3] { #expect(three.contains("comment \"eth0 \(pod.name) cluster\"")) }
        try lab.remove(pods[1], knowsAddresses: knowsAddresses)
        try lab.node.run {
            try rules(pods[0]).check()
            try rules(pods[2]).check()
        }
        for pod in pods[..<3] { try lab.remove(pod, knowsAddresses: knowsAddresses) }
        // Again, and of one that never was.
        for pod in pods { try lab.remove(pod, knowsAddresses: knowsAddresses) }
        #expect(try lab.nft("list", "ruleset") == empty)
        // Every rule says why.
        let lines = constant.split(separator: "\n").filter { $0.hasPrefix("\t\t") && !$0.hasPrefix("\t\tcomment") }
        let rules = lines.filter { line in
            ["masquerade", "drop", "dnat", "jump", "mark set"].contains { line.contains($0) }
        }
        #expect(rules.filter { !$0.contains(" comment \"") } == [])
        #expect(rules.count == 1 + 2 * 2 + 2 * 4 + 4 + 3)
    }

    @Test("are not made by DEL")
    func nothing() throws {
        let lab = try PodRulesLab()
        try lab.remove(lab.lab.pods[0])
        try lab.remove(lab.lab.pods[0], knowsAddresses: false)
        #expect(try lab.node.run { try PodRules.collect(network: "cluster", keeping: []) } == [])
        try lab.add(lab.rules(lab.lab.pods[0]))
        #expect(try lab.nft("list", "ruleset").isEmpty)
    }

    @Test("are what nft prints, loads again and prints the same; the elements keep their owner")
    func reload() throws {
        let lab = try PodRulesLab()
        let (pod, other) = (lab.lab.pods[0], lab.lab.pods[1])
        let ports = [PodRulesLab.port(18080), PodRulesLab.port(18081, on: lab.lab.node.address.v4)]
        let rules = lab.rules(pod, ports, masquerades: true) { $0.masqueradesAll = true }
        try lab.add(rules)
        let printed = try lab.nft("list", "ruleset")
        #expect(try lab.nft("-j", "list", "ruleset").contains("eth0 \(pod.name) cluster"))
        try Tool.run("nft", "flush", "ruleset", in: lab.node)
        try Tool.run("nft", "-f", "-", in: lab.node, input: printed)
        #expect(try lab.nft("list", "ruleset") == printed)
        try lab.node.run { try rules.check() }
        #expect(try lab.lab.client.probe(lab.lab.node.address.v4, port: 18080).server == pod.name)
        let error = cniError { try lab.add(lab.rules(other, ports)) }
        #expect(error?.code == .hostPortTaken)
        try lab.remove(pod)
        #expect(try !lab.nft("list", "ruleset").contains("elements"))
    }

    @Test(
        "are whole again with the next ADD when a stranger took away from them",
        arguments: [
            "flush ruleset", "delete table ip fairlead-cni", "flush table ip fairlead-cni",
            "flush chain ip6 fairlead-cni host-ports",
            "add rule ip fairlead-cni prerouting accept", "insert rule ip6 fairlead-cni postrouting drop",
        ])
    func stranger(command: String) throws {
        let lab = try PodRulesLab()
        let (pod, next) = (lab.lab.pods[0], lab.lab.pods[1])
        try lab.add(lab.rules(pod, [PodRulesLab.port(18080)], masquerades: true))
        let constant = try lab.constantPart()
        try Tool.run(["nft"] + command.split(separator: " ").map(String.init), in: lab.node)
        let check = cniError { try lab.node.run { try lab.rules(pod, [PodRulesLab.port(18080)]).check() } }
        #expect(check?.code == .notAsAdded)
        try lab.add(lab.rules(next, [PodRulesLab.port(18081)], masquerades: true))
        #expect(try lab.constantPart() == constant)
        for address in lab.lab.node.address.both {
            #expect(try lab.lab.client.probe(address, port: 18081).server == next.name)
        }
        // What was lost of the living is found by CHECK, and an ADD of the same brings it back.
        try lab.add(lab.rules(pod, [PodRulesLab.port(18080)], masquerades: true))
        try lab.node.run { try lab.rules(pod, [PodRulesLab.port(18080)], masquerades: true).check() }
    }

    @Test("are made once by eight at once that are the first, and emptied by eight")
    func race() throws {
        let lab = try PodRulesLab()
        let errors = try lab.concurrently(8) { index -> String? in
            do {
                for round in 0..<10 {
                    let number = index * 10 + round
                    try lab.standIn(number, [PodRulesLab.port(18000 + UInt16(number))]).add()
                }
                return nil
            } catch { return "\(error)" }
        }
        #expect(errors.compactMap { $0 } == [])
        let full = try lab.nft("list", "ruleset")
        for number in 0..<80 {
            try lab.node.run { try lab.standIn(number, [PodRulesLab.port(18000 + UInt16(number))]).check() }
        }
        let single = try PodRulesLab()
        try single.add(single.standIn(0, [PodRulesLab.port(18000)]))
        #expect(try lab.constantPart() == single.constantPart())
        let removals = try lab.concurrently(8) { index -> String? in
            do {
                for round in 0..<10 {
                    let rules = lab.standIn(index * 10 + round)
                    let addresses = round % 2 == 0 ? rules.addresses.map(\.address) : nil
                    try PodRules.remove(rules.attachment, addresses: addresses)
                }
                return nil
            } catch { return "\(error)" }
        }
        #expect(removals.compactMap { $0 } == [])
        #expect(full.contains("elements"))
        #expect(try !lab.nft("list", "ruleset").contains("elements"))
    }

    @Test("lose with GC what is of the network and not kept")
    func collect() throws {
        let lab = try PodRulesLab()
        let (kept, gone, foreign) = (lab.lab.pods[0], lab.lab.pods[1], lab.lab.pods[2])
        try lab.add(lab.rules(kept, [PodRulesLab.port(18080)], masquerades: true))
        try lab.add(lab.rules(gone, [PodRulesLab.port(18081)], masquerades: true))
        let other = CNI.Attachment(network: "other", containerID: foreign.name, interfaceName: "eth0")
        let others = lab.rules(foreign, [PodRulesLab.port(18082)], masquerades: true, attachment: other)
        try lab.add(others)
        let foreignElements = "{ 10.1.1.1 comment \"mine\", 10.1.1.2 }"
        #expect(try lab.nft("add", "element", "ip", "fairlead-cni", "masqueraded-pods", foreignElements).isEmpty)
        let collected = try lab.node.run {
            try PodRules.collect(network: "cluster", keeping: [lab.attachment(kept)])
        }
        #expect(collected == [lab.attachment(gone)])
        try lab.node.run {
            try lab.rules(kept, [PodRulesLab.port(18080)], masquerades: true).check()
            try others.check()
        }
        let listing = try lab.nft("list", "ruleset")
        #expect(!listing.contains(gone.name))
        #expect(listing.contains("10.1.1.1 comment \"mine\""))
    }

    @Test("are checked element by element")
    func check() throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        let rules = lab.rules(pod, [PodRulesLab.port(18080)], masquerades: true)
        try lab.add(rules)
        try lab.node.run { try rules.check() }
        let wanting = lab.rules(pod, [PodRulesLab.port(18080), PodRulesLab.port(18081)], masquerades: true)
        let missing = cniError { try lab.node.run { try wanting.check() } }
        #expect(
            missing == CNIError(.notAsAdded, "element tcp . 18081 of ip fairlead-cni host-ports", details: "missing"))
        let changed = lab.rules(pod, [HostPort(.tcp, hostPort: 18080, containerPort: 1)])
        #expect(cniError { try lab.node.run { try changed.check() } }?.details == "changed")
        let other = CNI.Attachment(network: "cluster", containerID: "x", interfaceName: "eth0")
        let foreign = lab.rules(pod, [PodRulesLab.port(18080)], attachment: other)
        #expect(cniError { try lab.node.run { try foreign.check() } }?.details.contains("belongs to eth0") == true)
    }
}
