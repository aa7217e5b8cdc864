import Net
import Netlink
import TestSupport
import Testing

@testable import CNI

@Suite("Bandwidth limits", .podNamespaces, .serialized)
struct BandwidthTests {
    private static let limits = BandwidthLimits(
        ingressBitsPerSecond: 80_000, ingressBurstBits: 80_000, egressBitsPerSecond: 160_000, egressBurstBits: 160_000)

    @Test("are what tc shows, and gone with the link", .kernelLimits)
    func shown() throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        let attachment = lab.attachment(pod)
        let host = "veth\(pod.number)"
        let made = try lab.node.run { try Self.limits.apply(hostInterface: host, attachment: attachment) }
        let name = try #require(made?.name)
        #expect(name.utf8.count == 15)
        #expect(made?.macAddress != nil)
        let root = try Tool.run("tc", "qdisc", "show", "dev", host, in: lab.node)
        #expect(root.contains("qdisc tbf 1: root refcnt "))
        #expect(root.contains("rate 80Kbit burst 10000b lat 25ms"), "\(root)")
        #expect(root.contains("qdisc ingress ffff: parent ffff:fff1"))
        let through = try Tool.run("tc", "qdisc", "show", "dev", name, in: lab.node)
        #expect(through.contains("qdisc tbf 1: root refcnt 2 rate 160Kbit"))
        let filter = try Tool.run("tc", "filter", "show", "dev", host, "ingress", in: lab.node)
        #expect(filter.contains("mirred (Egress Redirect to device \(name)) stolen"))
        let link = try Tool.run("ip", "-d", "link", "show", "dev", name, in: lab.node)
        #expect(link.contains("alias fairlead-cni eth0 \(pod.name) cluster"))
        #expect(link.contains("state UP") || link.contains(",UP"))
        try lab.node.run { try Self.limits.check(hostInterface: host, attachment: attachment) }
        try lab.node.run {
            try BandwidthLimits.remove(attachment)
            try BandwidthLimits.remove(attachment)
        }
        #expect(try !Tool.run("ip", "link", in: lab.node).contains(name))
    }

    @Test("hold back what the pod sends and receives, and let pass what is within", .kernelLimits)
    func packets() throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        let host = "veth\(pod.number)"
        let made = try lab.node.run {
            try Self.limits.apply(hostInterface: host, attachment: lab.attachment(pod))
        }
        let name = try #require(made?.name)
        #expect(
            try lab.node.probe(pod.address.v4, port: Lab.serverPort, timeoutMilliseconds: 30_000).server == pod.name)
        // Far more than burst and queue hold, in next to no time.
        for (source, sink, address) in [
            (pod.namespace, lab.node, lab.lab.node.gateway.v4), (lab.node, pod.namespace, pod.address.v4),
        ] {
            let socket = try sink.run { try SilentSocket(listen: SocketAddress(address, port: 9999)) }
            try Tool.run(
                "socat", "-u", "-b", "1000", "OPEN:/dev/zero,readbytes=200000", "UDP4:\(address):9999", in: source)
            withExtendedLifetime(socket) {}
        }
        for device in [host, name] {
            let statistics = try Tool.run("tc", "-s", "qdisc", "show", "dev", device, "root", in: lab.node)
            let match = try #require(
                statistics.firstMatch(of: #/Sent (\d+) bytes (\d+) pkt \(dropped (\d+), overlimits (\d+)/#))
            #expect(try #require(Int(match.2)) > 0, "\(device): \(statistics)")
            #expect(try #require(Int(match.3)) > 0, "\(device): \(statistics)")
        }
    }

    @Test("are checked", .kernelLimits)
    func check() throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        let attachment = lab.attachment(pod)
        let host = "veth\(pod.number)"
        let made = try lab.node.run { try Self.limits.apply(hostInterface: host, attachment: attachment) }
        let name = try #require(made?.name)
        func code(_ limits: BandwidthLimits) -> CNIError.Code? {
            cniError { try lab.node.run { try limits.check(hostInterface: host, attachment: attachment) } }?.code
        }
        var other = Self.limits
        other.egressBitsPerSecond += 8000
        #expect(code(other) == .notAsAdded)
        other = Self.limits
        other.ingressBurstBits += 8000
        #expect(code(other) == .notAsAdded)
        try Tool.run("tc", "filter", "del", "dev", host, "ingress", in: lab.node)
        #expect(code(Self.limits) == .notAsAdded)
        try Tool.run("ip", "link", "del", name, in: lab.node)
        #expect(code(Self.limits) == .notAsAdded)
        try Tool.run("tc", "qdisc", "del", "dev", host, "root", in: lab.node)
        other = Self.limits
        (other.egressBitsPerSecond, other.egressBurstBits) = (0, 0)
        #expect(code(other) == .notAsAdded)
    }

    @Test("of attachments that are gone go with GC, no others", .kernelLimits)
    func collect() throws {
        let lab = try PodRulesLab()
        let (kept, gone, foreign) = (lab.lab.pods[0], lab.lab.pods[1], lab.lab.pods[2])
        let other = CNI.Attachment(network: "other", containerID: foreign.name, interfaceName: "eth0")
        try lab.node.run {
            for (pod, attachment) in [
                (kept, lab.attachment(kept)), (gone, lab.attachment(gone)), (foreign, other),
            ] {
                try Self.limits.apply(hostInterface: "veth\(pod.number)", attachment: attachment)
            }
        }
        try Tool.run("ip", "link", "add", "stranger", "type", "ifb", in: lab.node)
        let collected = try lab.node.run {
            try BandwidthLimits.collect(network: "cluster", keeping: [lab.attachment(kept)])
        }
        #expect(collected == [lab.attachment(gone)])
        let links = try Tool.run("ip", "-o", "link", "show", "type", "ifb", in: lab.node)
        #expect(links.split(separator: "\n").count == 3)
        try lab.node.run {
            try Self.limits.check(hostInterface: "veth\(kept.number)", attachment: lab.attachment(kept))
        }
    }

    @Test("are figures as the reference plugin computes them")
    func figures() throws {
        // The burst that containerd sends when a Pod asks for a rate alone.
        let huge = BandwidthLimits(ingressBitsPerSecond: 1_000_000, ingressBurstBits: 4_294_967_295)
        let bucket = try #require(try huge.bucket(huge.ingressBitsPerSecond, burst: huge.ingressBurstBits, "ingress"))
        #expect(
            bucket == TokenBucket(bytesPerSecond: 125_000, burstByteCount: 536_870_911, limitByteCount: 536_874_036))
        #expect(try huge.bucket(0, burst: 0, "ingress") == nil)
        for (rate, burst): (UInt64, UInt64) in [(8, 0), (0, 8), (8, 8 << 32), (7, 8), (8, 7)] {
            #expect(cniError { _ = try huge.bucket(rate, burst: burst, "ingress") }?.code == .badConfiguration)
        }
        #expect(try huge.bucket(.max, burst: 8 * 0xFFFF_FFFE, "ingress")?.limitByteCount == .max)
    }

    @Test("with the burst that containerd sends are taken by the kernel", .kernelLimits)
    func hugeBurst() throws {
        let lab = try PodRulesLab()
        let pod = lab.lab.pods[0]
        let limits = BandwidthLimits(
            ingressBitsPerSecond: 1_000_000, ingressBurstBits: 4_294_967_295, egressBitsPerSecond: 80_000_000_000,
            egressBurstBits: 4_294_967_295)
        try lab.node.run {
            try limits.apply(hostInterface: "veth\(pod.number)", attachment: lab.attachment(pod))
            try limits.check(hostInterface: "veth\(pod.number)", attachment: lab.attachment(pod))
        }
        #expect(try lab.node.probe(pod.address.v4, port: Lab.serverPort).server == pod.name)
    }
}
