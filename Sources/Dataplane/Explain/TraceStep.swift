import Net
import Netlink

/// One rule that applied to a packet.
package struct TraceStep: Hashable, Sendable {
    package let chain: String
    /// Why the rule is there.
    package let comment: String?
    /// What it asked of the packet, as nft writes it: `@cluster-ips { 10.96.0.10 }`.
    package fileprivate(set) var conditions: [String] = []
    /// What it did: `goto cluster-ip-services`, `dnat to 10.244.0.5:8080`.
    package fileprivate(set) var actions: [String] = []
    /// It sends the packet to an endpoint, or ends its way.
    package fileprivate(set) var isDecision = false

    init(chain: String, comment: String?) {
        self.chain = chain
        self.comment = comment
    }
}

extension TraceStep {
    mutating func add(condition: String) { conditions.append(condition) }
    mutating func add(action: String) { actions.append(action) }
    mutating func decide() { isDecision = true }
}

/// A look-up in a set that a trace came to, and what the intended state answers.
package struct TracedLookup: Hashable, Sendable {
    package enum Answer: Hashable, Sendable {
        case absent
        /// With the data of a map; empty for a set.
        case present(data: [UInt8])
        case goto(chain: String)
    }

    package let set: String
    package let key: [UInt8]
    package let answer: Answer
}

/// What can become of a packet, and how likely it is.
package struct TracedOutcome: Hashable, Sendable {
    package let verdict: TracedVerdict
    /// Where it goes.
    package let destination: Endpoint
    /// Its destination was replaced by an endpoint's.
    package let isTranslated: Bool
    package let isMasqueraded: Bool
    /// 0…1; all outcomes of a trace add up to 1.
    package var share: Double
    /// The rules that applied, in their order.
    package let steps: [TraceStep]
}

/// Everything that can become of a packet.
package struct PacketTrace: Sendable {
    /// The likeliest first, then by destination.
    package let outcomes: [TracedOutcome]
    /// In the order in which they were first made.
    package let lookups: [TracedLookup]
    /// The chains that were entered, in that order.
    package let chains: [String]
}
