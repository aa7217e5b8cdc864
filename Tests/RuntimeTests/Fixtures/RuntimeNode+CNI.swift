import FoundationEssentials
import TestSupport
import Testing

extension RuntimeNode {
    /// `fairlead cni install` with the options of one of the conflists in `cni-conf`.
    func install(_ sample: SampleConfiguration) throws {
        try run("'\(Self.program)' cni install \(sample.options)")
        #expect(try run("cat /etc/cni/net.d/*") == sample.text)
    }

    /// What `fairlead cni list --json` shows of attachments.
    func attachments() throws -> [AttachmentEntry] {
        struct Document: Decodable { let attachments: [AttachmentEntry] }
        return try JSONDecoder().decode(Document.self, from: Data(run("'\(Self.program)' cni list --json").utf8))
            .attachments
    }

    /// Asserts that nothing of any pod is left: no link but the node's own, no address of a lease, no host port or masqueraded
    /// address, no flow to a pod, no route.
    func expectNothingLeft(_ location: SourceLocation = #_sourceLocation) throws {
        let links = try run("ip -brief link show | awk '{ print $1 }' | grep -Ev '^(lo|uplink@.*|cni0)$' || true")
        #expect(links == "", sourceLocation: location)
        #expect(try attachments().isEmpty, sourceLocation: location)
        #expect(
            try run("ip route show table all | grep -v 'dev cni0' | grep -F 10.244.1. || true") == "",
            sourceLocation: location)
        #expect(
            try run("ip -6 route show table all | grep -v 'dev cni0' | grep -F fd00:10:244 || true") == "",
            sourceLocation: location)
        #expect(
            try run("nft list ruleset | grep -E '10[.]244[.]1[.]|fd00:10:244:1:' || true") == "",
            sourceLocation: location)
        #expect(
            try run("conntrack -L -p udp 2>/dev/null | grep -E '10[.]244[.]1[.]' || true") == "",
            sourceLocation: location)
    }
}

/// One of `fairlead cni list --json`.
struct AttachmentEntry: Decodable {
    let network: String
    let containerID: String
    let interfaceName: String
    let addresses: [String]
}
