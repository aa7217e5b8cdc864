import Net
import Netlink
import TestSupport
import Testing

@testable import CNI

@Suite("Masquerade of pods, as the servers see it", .podNamespaces, .serialized)
struct MasqueradeTests {
    @Test("what leaves the pod's network comes from the node, what stays within from the pod")
    func sources() throws {
        let lab = try PodRulesLab()
        let (pod, neighbour, remote) = (lab.lab.pods[0], lab.lab.pods[1], lab.lab.pods[3])
        let outside = LabAddresses.external(7)
        let server = try lab.lab.serveBeyond("outside", on: [outside], port: 9000)
        defer { server.stop() }
        try lab.add(lab.rules(pod, masquerades: true))
        for family in IPFamily.allCases {
            for transport: L4Protocol in [.tcp, .udp] {
                func source(_ caller: LabPod, _ address: IPAddress, _ port: UInt16) throws -> IPAddress? {
                    try caller.namespace.probe(address, port: port, transport).source
                }
                let node = lab.lab.node.address[family]
                #expect(try source(pod, outside[family], 9000) == node)
                #expect(try source(pod, remote.address[family], Lab.serverPort) == node)
                #expect(try source(pod, neighbour.address[family], Lab.serverPort) == pod.address[family])
                // The neighbour did not ask for it.
                #expect(try source(neighbour, remote.address[family], Lab.serverPort) == neighbour.address[family])
            }
        }
        try lab.remove(pod)
        #expect(
            try pod.namespace.probe(remote.address.v4, port: Lab.serverPort)
                == .answered(by: remote.name, source: pod.address.v4))
    }

    @Test("multicast keeps its source")
    func multicast() throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        try lab.add(lab.rules(pod, masquerades: true))
        let rules = try lab.nft("list", "ruleset")
        #expect(
            rules.contains(
                "ip saddr @masqueraded-pods ip daddr != 224.0.0.0/4 ip saddr . ip daddr != @pod-networks masq"))
        #expect(
            rules.contains(
                "ip6 saddr @masqueraded-pods ip6 daddr != ff00::/8 ip6 saddr . ip6 daddr != @pod-networks masq"))
    }

    @Test("a pod is one element, whatever prefix an earlier one of its address had")
    func takesOver() throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        let stale = CNI.Attachment(network: "cluster", containerID: "stale", interfaceName: "eth0")
        let narrow = PodRules(
            stale, addresses: pod.address.both.map { .init($0, prefixLength: $0.family.bitWidth) }, masquerades: true,
            hostPorts: HostPortConfiguration())
        try lab.add(narrow)
        try lab.add(lab.rules(pod, masquerades: true))
        _ = try lab.node.run { try PodRules.remove(stale, addresses: nil) }
        _ = try lab.node.run { try PodRules.remove(stale, addresses: pod.address.both) }
        try lab.node.run { try lab.rules(pod, masquerades: true).check() }
        #expect(try !lab.nft("list", "ruleset").contains("stale"))
    }
}
