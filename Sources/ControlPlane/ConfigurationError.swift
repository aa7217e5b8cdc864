import Net

/// A setting of the control plane that cannot be.
package enum ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// Not one range of addresses for Services.
    case noServiceCIDR
    /// Two ranges for one family.
    case sameFamily(IPPrefix, IPPrefix)

    package var description: String {
        switch self {
        case .noServiceCIDR: "no service CIDR is given"
        case .sameFamily(let first, let second):
            "service CIDRs \(first) and \(second) are both \(first.family); give at most one per family"
        }
    }
}
