import CNftnl

/// A chain of a table. The policy of a base chain is accept.
package struct NFTChain: Hashable, Sendable {
    package let name: String
    /// Where the kernel enters the chain; nil for one that only rules jump to.
    package let base: NFTBaseChain?

    package init(name: String, base: NFTBaseChain? = nil) {
        self.name = name
        self.base = base
    }
}

/// Where and when the kernel enters a chain: `type nat hook prerouting priority -100`.
package struct NFTBaseChain: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable { case filter, nat, route }
    package enum Hook: String, Hashable, Sendable, CaseIterable { case prerouting, input, forward, output, postrouting }

    package let kind: Kind
    package let hook: Hook
    /// Lower runs first; conntrack is at -200, destination NAT at -100, filter at 0, source NAT at 100.
    package let priority: Int32

    package init(kind: Kind, hook: Hook, priority: Int32) {
        self.kind = kind
        self.hook = hook
        self.priority = priority
    }
}

extension NFTBaseChain.Hook {
    /// `enum nf_inet_hooks`.
    var number: UInt32 {
        switch self {
        case .prerouting: UInt32(NF_INET_PRE_ROUTING)
        case .input: UInt32(NF_INET_LOCAL_IN)
        case .forward: UInt32(NF_INET_FORWARD)
        case .output: UInt32(NF_INET_LOCAL_OUT)
        case .postrouting: UInt32(NF_INET_POST_ROUTING)
        }
    }
}
