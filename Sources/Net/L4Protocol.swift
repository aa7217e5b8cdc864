/// A transport protocol that a Service port can name; the raw value is the IANA protocol number.
package enum L4Protocol: UInt8, Sendable, Hashable, CaseIterable, Comparable, CustomStringConvertible {
    case tcp = 6
    case udp = 17
    case sctp = 132

    /// From Kubernetes' spelling; nil for any other text.
    package init?(name: String) {
        switch name {
        case "TCP": self = .tcp
        case "UDP": self = .udp
        case "SCTP": self = .sctp
        default: return nil
        }
    }

    /// `TCP`, `UDP` or `SCTP`.
    package var description: String {
        switch self {
        case .tcp: "TCP"
        case .udp: "UDP"
        case .sctp: "SCTP"
        }
    }

    package static func < (left: L4Protocol, right: L4Protocol) -> Bool { left.rawValue < right.rawValue }
}
