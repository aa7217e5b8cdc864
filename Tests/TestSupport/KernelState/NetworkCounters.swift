import Glibc
import Netlink

/// Errors that a network namespace has heard of by ICMP: what tells a packet that was dropped from one that was refused,
/// also where a socket keeps the news to itself.
package enum ICMPErrors {
    /// `InDestUnreachs` and `Icmp6InDestUnreachs` (net/ipv4/proc.c, net/ipv6/proc.c), together.
    package static func destinationUnreachableCount(in namespace: NetworkNamespace) throws -> Int {
        try namespace.run {
            let lines = try ProcFile.lines("/proc/thread-self/net/snmp6")
            guard let line = lines.first(where: { $0.first == "Icmp6InDestUnreachs" }), let count = Int(line[1]) else {
                throw SocketError(operation: "a look for Icmp6InDestUnreachs", code: ENOENT)
            }
            return try count + ProcFile.counter("InDestUnreachs", of: "Icmp:", in: "/proc/thread-self/net/snmp")
        }
    }
}

/// SYNs that the kernel of a network namespace has sent more than once.
package enum SYNRetransmissions {
    /// `TCPSynRetrans` (net/ipv4/proc.c).
    package static func count(in namespace: NetworkNamespace) throws -> Int {
        try namespace.run {
            try ProcFile.counter("TCPSynRetrans", of: "TcpExt:", in: "/proc/thread-self/net/netstat")
        }
    }
}

/// Files of /proc that show the namespace of the thread that reads them.
private enum ProcFile {
    /// Of two lines that begin with `group`, the first has the names.
    static func counter(_ name: String, of group: Substring, in path: String) throws(SocketError) -> Int {
        let rows = try lines(path).filter { $0.first == group }
        guard rows.count == 2, let column = rows[0].firstIndex(of: Substring(name)), column < rows[1].count,
            let count = Int(rows[1][column])
        else { throw SocketError(operation: "a look for \(name) in \(path)", code: ENOENT) }
        return count
    }

    /// The words of each line that has two at least.
    static func lines(_ path: String) throws(SocketError) -> [[Substring]] {
        try text(path).split(separator: "\n").map { $0.split(whereSeparator: { " \t".contains($0) }) }
            .filter { $0.count > 1 }
    }

    private static func text(_ path: String) throws(SocketError) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SocketError(operation: "open \(path)", code: errno) }
        defer { close(file) }
        var text: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = read(file, &bytes, bytes.count)
            if count <= 0 { return String(decoding: text, as: UTF8.self) }
            text += bytes.prefix(count)
        }
    }
}
