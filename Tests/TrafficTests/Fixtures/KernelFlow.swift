import Net
import Netlink
import TestSupport

/// An entry of a namespace's conntrack table, as the tool `conntrack` prints it.
struct KernelFlow: Hashable {
    let id: String
    let `protocol`: String
    let source: String
    let sourcePort: String
    let destination: String
    let destinationPort: String
    /// Who answers.
    let replySource: String
    let packets: [UInt64]
    let bytes: [UInt64]

    /// The entries of a family.
    static func all(in namespace: NetworkNamespace, _ family: IPFamily) throws -> [KernelFlow] {
        var text = try Tool.run(
            "conntrack", "-L", "-f", family == .ipv4 ? "ipv4" : "ipv6", "-o", "extended,id", in: namespace)
        // What it says to standard error comes between two blocks of its output, within a line.
        if let start = text.firstRange(of: "conntrack v"),
            let end = text[start.upperBound...].firstRange(of: "shown.\n")
        {
            text.removeSubrange(start.lowerBound..<end.upperBound)
        }
        return text.split(separator: "\n").compactMap { KernelFlow(line: String($0)) }
    }

    private init?(line: String) {
        let words = line.split(separator: " ").map(String.init)
        func values(_ key: String) -> [String] {
            words.filter { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.count + 1)) }
        }
        let (sources, destinations) = (values("src"), values("dst"))
        guard words.count > 3, sources.count == 2, let id = values("id").first, let port = values("sport").first,
            let destinationPort = values("dport").first
        else { return nil }
        self.id = id
        `protocol` = words[2]
        source = sources[0]
        sourcePort = port
        destination = destinations[0]
        self.destinationPort = destinationPort
        replySource = sources[1]
        packets = values("packets").compactMap { UInt64($0) }
        bytes = values("bytes").compactMap { UInt64($0) }
    }
}
