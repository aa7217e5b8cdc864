/// What a process and its children sent over netfilter's netlink sockets, as `strace -f -yy -v -s 0 -o FILE` writes it down.
package struct NetlinkSends: Sendable {
    /// Of all that the kernel took; what it refused to take is none.
    package private(set) var bytes = 0
    package private(set) var messages = 0
    /// Of calls that another thread's came between, by thread.
    private var begun: [Substring: Substring] = [:]

    package init() {}

    /// Reads further lines, of which each is whole.
    ///
    /// - Throws: `BenchmarkError` of a call on such a socket whose messages do not add up to what was sent.
    package mutating func read(_ text: some StringProtocol) throws(BenchmarkError) {
        for line in Substring(text).split(separator: "\n") {
            let thread = line.prefix { $0 != " " }
            let call = line.dropFirst(thread.count).drop { $0 == " " }
            if call.hasSuffix(Self.unfinished) {
                begun[thread] = call.dropLast(Self.unfinished.count)
            } else if call.hasPrefix("<... "), let end = call.firstIndex(of: ">") {
                guard let begin = begun.removeValue(forKey: thread) else { continue }
                try count(begin + call[call.index(after: end)...])
            } else {
                try count(call)
            }
        }
    }

    private static let unfinished = " <unfinished ...>"

    private mutating func count(_ call: Substring) throws(BenchmarkError) {
        guard call.hasPrefix("send"), let parenthesis = call.firstIndex(of: "(") else { return }
        let descriptor = call[call.index(after: parenthesis)...].drop { $0.isNumber }
        guard descriptor.hasPrefix("<NETLINK:[") else { return }
        guard let mark = call.utf8.lastIndex(of: UInt8(ascii: "=")) else { return }
        // "-1 EPERM (Operation not permitted)"
        guard let sent = Int(call[mark...].dropFirst().drop { $0 == " " }.prefix { $0 != " " }) else {
            throw BenchmarkError(description: "strace: no result of a call: \(call.suffix(60))")
        }
        guard sent >= 0 else { return }
        let lengths = Self.numbers(after: "nlmsg_len=", in: call)
        guard descriptor.hasPrefix("<NETLINK:[NETFILTER") || Self.isNetfilter(descriptor, call) else { return }
        guard call.hasPrefix("sendto(") || call.hasPrefix("sendmsg("),
            // Each is followed by the next at a multiple of four.
            lengths.reduce(0, { $0 + ($1 + 3) / 4 * 4 }) == (sent + 3) / 4 * 4
        else {
            throw BenchmarkError(
                description: "strace: \(lengths.count) messages do not add up to \(sent) bytes: \(call.prefix(60))…")
        }
        bytes += sent
        messages += lengths.count
    }

    /// A socket that is not bound yet has a number in place of its protocol's name. Types of nfnetlink's subsystems have a second byte;
    /// those of rtnetlink and of generic netlink have none.
    private static func isNetfilter(_ descriptor: Substring, _ call: Substring) -> Bool {
        guard descriptor.dropFirst("<NETLINK:[".count).first?.isNumber == true else { return false }
        return numbers(after: "nlmsg_type=0x", in: call, radix: 16).contains { $0 >= 0x100 }
    }

    private static func numbers(after name: StaticString, in text: Substring, radix: Int = 10) -> [Int] {
        let wanted = Array(name.description.utf8)
        var found: [Int] = []
        // Such lines have megabytes.
        var matched = 0
        var number: Int?
        for byte in text.utf8 {
            if let value = number {
                if let digit = hexDigit(byte), digit < radix {
                    number = value * radix + digit
                    continue
                }
                found.append(value)
                number = nil
            }
            // No name begins anew within itself.
            matched = byte == wanted[matched] ? matched + 1 : byte == wanted[0] ? 1 : 0
            if matched == wanted.count { (matched, number) = (0, 0) }
        }
        return found
    }

    private static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 0x61 + 10
        default: nil
        }
    }
}
