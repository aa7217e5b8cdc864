/// A closed range of ports, such as the NodePorts 30000-32767.
package struct PortRange: Hashable, Sendable, CustomStringConvertible {
    package let first: UInt16
    package let last: UInt16

    /// 30000-32767: kube-apiserver's default of `--service-node-port-range`.
    package static let nodePorts = PortRange(unchecked: 30_000, 32_767)

    private init(unchecked first: UInt16, _ last: UInt16) {
        self.first = first
        self.last = last
    }

    /// Nil when `first` is 0 or above `last`.
    package init?(first: UInt16, last: UInt16) {
        guard first > 0, first <= last else { return nil }
        self.first = first
        self.last = last
    }

    /// Parses `30000-32767`, or one port.
    ///
    /// - Throws: `AddressParseError` when the text is not a range of ports.
    package init(_ text: String) throws(AddressParseError) {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first.flatMap({ UInt16($0) }), let last = parts.last.flatMap({ UInt16($0) }),
            let range = PortRange(first: first, last: last)
        else { throw AddressParseError(text, expected: "a range of ports such as 30000-32767") }
        self = range
    }

    package var count: Int { Int(last) - Int(first) + 1 }
    package func contains(_ port: UInt16) -> Bool { first <= port && port <= last }
    package var description: String { "\(first)-\(last)" }
}
