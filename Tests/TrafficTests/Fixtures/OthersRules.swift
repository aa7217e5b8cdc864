import Net
import Netlink
import TestSupport

/// The rules of a namespace that are neither ours nor kube-proxy's, with the kernel's handles.
struct OthersRules {
    /// As iptables-nft-save and nft print them, without counts of packets.
    let lines: [String]

    init(of namespace: NetworkNamespace) throws {
        var lines: [String] = []
        for tool in ["iptables-nft-save", "ip6tables-nft-save"] {
            lines += try Tool.run(tool, in: namespace).split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { String($0).replacing(#/\[\d+:\d+\]$/#, with: "") }
        }
        for table in try Self.tables(of: namespace) {
            let command = ["nft", "--handle", "list", "table"] + table.split(separator: " ").map(String.init)
            lines += try Tool.run(command, in: namespace).split(separator: "\n")
                .map { String($0).replacing(#/packets \d+ bytes \d+/#, with: "") }
        }
        self.lines = lines
    }

    /// "ip nat".
    static func tables(of namespace: NetworkNamespace) throws -> [String] {
        try Tool.run("nft", "list", "tables", in: namespace).split(separator: "\n")
            .filter { $0.hasPrefix("table ") && !$0.hasSuffix(" fairlead") }
            .map { String($0.dropFirst("table ".count)) }
    }
}
