import Net

/// Where a server listens.
package struct BindAddress: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    /// 1…65535.
    package let port: UInt16

    package var description: String { Self.join("\(address)", Int32(port)) }

    /// Parses `0.0.0.0:10256` or `[::]:10256`; nil for anything else, and for port 0.
    package init?(_ text: String) {
        guard case .success(let parsed) = Self.parse(text) else { return nil }
        self = parsed
    }

    private init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// What is wrong with a text, in upstream's words.
    struct Problem: Error {
        let text: String
    }

    static func parse(_ text: String) -> Result<BindAddress, Problem> {
        guard let (host, port) = split(text) else { return .failure(Problem(text: "must be IP:port")) }
        guard let address = IPAddress(sloppy: host) else { return .failure(Problem(text: "must be a valid IP")) }
        guard let number = UInt16(port), number > 0 else { return .failure(Problem(text: "must be a valid port")) }
        return .success(BindAddress(address: address, port: number))
    }

    /// Go's `net.SplitHostPort`, for hosts that are addresses.
    static func split(_ text: String) -> (host: String, port: String)? {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let rest = text[text.index(after: end)...]
            guard rest.first == ":", rest.dropFirst().allSatisfy({ !":[]".contains($0) }) else { return nil }
            return (String(text[text.index(after: text.startIndex)..<end]), String(rest.dropFirst()))
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !text.contains(where: { "[]".contains($0) }) else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    /// `text` with a port where it is an address without one, else as it is (k8s pkg/proxy/util `AppendPortIfNeeded`).
    package static func appendingPort(_ port: Int32, to text: String) -> String {
        guard split(text) == nil, IPAddress(sloppy: text) != nil else { return text }
        return join(text, port)
    }

    private static func join(_ host: String, _ port: Int32) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
