/// What became of it.
package enum TracedVerdict: Hashable, Sendable, CustomStringConvertible {
    /// Went on, to where it was sent or an endpoint.
    case sent(to: String, masqueraded: Bool, mark: UInt32)
    case rejected
    case dropped
    /// The rules do what the tracer cannot follow.
    case unknown(String)

    package var description: String {
        switch self {
        case .sent(let to, let masqueraded, let mark):
            "sent to \(to)\(masqueraded ? ", masqueraded" : "")\(mark == 0 ? "" : ", mark \(mark)")"
        case .rejected: "rejected"
        case .dropped: "dropped"
        case .unknown(let why): "not known: \(why)"
        }
    }
}
