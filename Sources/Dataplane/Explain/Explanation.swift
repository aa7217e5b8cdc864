import Net

/// What becomes of a connection, and why.
package struct Explanation: Sendable {
    package enum Verdict: String, Hashable, Sendable {
        /// To an endpoint.
        case sent
        case refused
        case dropped
        /// No Service has to do with it: it goes where it would go without Fairlead.
        case leftAlone
        case unknown
    }

    /// The endpoint that a client is kept to.
    package struct Affinity: Hashable, Sendable {
        package let endpoint: Endpoint
        package let timeoutSeconds: UInt32
    }

    package let question: ExplainQuestion
    package let origin: PacketTracer.Origin
    package let verdict: Verdict
    /// Whose frontend it is, where it is one's.
    package let servicePort: ServicePortName?
    package let role: FrontendRole?
    package let trace: PacketTrace
    /// Sentences: what an operator might have expected otherwise, and why it is not so.
    package let reasons: [String]
    package let affinity: Affinity?
    /// Where the kernel has other than what is intended. Empty when it has all of it.
    package var differences: [String] = []

    /// The rule that decides.
    package var decision: TraceStep? { trace.outcomes.first?.steps.last { $0.isDecision } }
}
