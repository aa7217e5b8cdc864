import CNI
import Net
import Netlink
import TestSupport
import Testing

/// GC of links.
@Suite(.wiringNamespaces) struct CollectTests {
    @Test func linksOfNobodyGoAndOthersStay() throws {
        let lab = try WiringLab()
        let kept = try lab.attach(.bridge(), "10.1.0.2/24")
        let before = try lab.traces()
        let stale = try [
            lab.attach(.bridge(), "10.1.0.3/24"), lab.attach(.ptp, "10.2.0.3/24 10.2.0.1"),
            lab.attach(.bridge(), "10.1.0.4/24"),
        ]
        let foreign = try lab.pod()
        let other = CNI.Attachment(network: "pods2", containerID: "a", interfaceName: "eth0")
        try lab.run {
            _ = try PodLink(.bridge(), other).attach(
                PodNamespace(path: foreign.path), AttachmentResult(addresses: [try .init(cidr: "10.1.0.5/24")]))
        }
        _ = try lab.tool("ip", "link", "add", "mine0", "type", "veth", "peer", "name", "mine1")
        let collected = try lab.run { try PodLink.collect(network: "pods", keeping: [kept.attachment]) }
        #expect(Set(collected) == Set(stale.map { $0.attachment }))
        for pod in stale { #expect(try !pod.tool("ip", "link").contains("eth0")) }
        let links = try lab.tool("ip", "link")
        #expect(
            links.contains("mine0") && links.contains(other.hostLinkName)
                && links.contains(kept.attachment.hostLinkName))
        #expect(try lab.run { try PodLink.collect(network: "pods", keeping: [kept.attachment]) } == [])
        #expect(try lab.run { try PodLink.collect(network: "pods2", keeping: []) } == [other])
        _ = try lab.tool("ip", "link", "delete", "mine0")
        try lab.expectNoChange(since: before)
    }
}
