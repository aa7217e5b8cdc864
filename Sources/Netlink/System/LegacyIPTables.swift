import Glibc
import Net

/// The iptables of before nf_tables (`iptables-legacy`), whose rules netlink does not show.
package enum LegacyIPTables {
    /// The names of its tables in the calling thread's network namespace, such as "nat", by family. The kernel makes a table
    /// when it is first looked at, so one that is there may have no rule.
    package static var tables: [IPFamily: [String]] {
        var found: [IPFamily: [String]] = [:]
        for (family, file) in [(IPFamily.ipv4, "ip_tables_names"), (.ipv6, "ip6_tables_names")] {
            // Kernels without the module have no such file.
            guard let text = try? read("/proc/thread-self/net/\(file)") else { continue }
            let names = text.split(separator: "\n").map(String.init)
            if !names.isEmpty { found[family] = names.sorted() }
        }
        return found
    }

    private static func read(_ path: String) throws(SystemError) -> String {
        let file = try OwnedDescriptor(checking: open(path, O_RDONLY | O_CLOEXEC), "open of \(path)")
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while let length = try file.read(into: &part, "read of \(path)"), length > 0 { text += part[..<length] }
        return String(decoding: text, as: UTF8.self)
    }
}
