import Net

/// Who may connect to a Service's load balancer addresses (`spec.loadBalancerSourceRanges`).
struct SourceRanges: Equatable, Sendable {
    /// Everybody may.
    static let open = SourceRanges(ipv4: nil, ipv6: nil)

    /// Nil for everybody of the family; no network is within another.
    private let ipv4: [IPPrefix]?
    private let ipv6: [IPPrefix]?

    private init(ipv4: [IPPrefix]?, ipv6: [IPPrefix]?) {
        self.ipv4 = ipv4
        self.ipv6 = ipv6
    }

    /// A family that no range is of is open, and so is one with a range of all its addresses. A text that is no range
    /// allows nobody: it never opens what its author wanted closed.
    init(_ texts: [String], problems: inout ProblemList) {
        guard !texts.isEmpty else {
            self = .open
            return
        }
        let ranges = [IPPrefix](reading: texts, field: "loadBalancerSourceRanges", problems: &problems)
        let isReadable = ranges.count == texts.count
        func allowed(_ family: IPFamily) -> [IPPrefix]? {
            let own = ranges.filter { $0.family == family }
            if own.contains(where: { $0.length == 0 }) || own.isEmpty && isReadable { return nil }
            return own.withoutNested
        }
        self.init(ipv4: allowed(.ipv4), ipv6: allowed(.ipv6))
    }

    func isOpen(_ family: IPFamily) -> Bool { ranges(family) == nil }

    private func ranges(_ family: IPFamily) -> [IPPrefix]? { family == .ipv4 ? ipv4 : ipv6 }

    /// Who may connect to `address`; nil for everybody.
    ///
    /// Where this node may, packets from `address` itself are let in, too: the node has the address on an interface
    /// then, and prefers it as the source of what it sends there (kube-proxy's `allowFromNode`).
    func allowed(to address: IPAddress, nodeAddresses: [IPAddress]) -> [IPPrefix]? {
        guard let ranges = ranges(address.family) else { return nil }
        func isAllowed(_ source: IPAddress) -> Bool { ranges.contains { $0.contains(source) } }
        guard nodeAddresses.contains(where: isAllowed), !isAllowed(address),
            let itself = IPPrefix(containing: address, length: address.family.bitWidth)
        else { return ranges }
        return (ranges + [itself]).sorted()
    }
}
