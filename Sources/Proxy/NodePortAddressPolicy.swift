import Net

/// Which of the node's addresses answer NodePorts. Whatever the policy: never loopback, link-local or multicast ones.
package enum NodePortAddressPolicy: Hashable, Sendable {
    /// The node's primary address of each family.
    case primary
    /// All addresses of this network namespace.
    case all
    /// Those addresses of this network namespace that are in one of the networks.
    case networks([IPPrefix])
}

extension NodePortAddressPolicy {
    /// From the values of `--nodeport-addresses`: `primary`, `all`, or networks such as `10.0.0.0/8`. None at all means
    /// `primary`, kube-proxy's default in its nftables mode.
    ///
    /// - Throws: `AddressParseError` for a value that is none of these, or a word beside others.
    package init(parsing values: [String]) throws(AddressParseError) {
        switch values {
        case [], ["primary"]: self = .primary
        case ["all"]: self = .all
        default:
            var networks: [IPPrefix] = []
            for value in values { networks.append(try IPPrefix(value)) }
            self = .networks(networks)
        }
    }
}
