/// A connection that stays open: every request on it is answered by the same server, as long as that and the way to it live.
///
/// Over UDP it is a socket that keeps its port.
package struct HeldConnection {
    private let probe: Probe
    private var socket: Socket?

    /// Connects with the first request, to the probe's target.
    package init(_ probe: Probe) { self.probe = probe }

    /// One request, in the time that the probe has; after a failure the next one opens a new connection.
    package mutating func ask() -> Probe.Outcome {
        let deadline = ContinuousClock.now + .milliseconds(probe.timeoutMilliseconds)
        if socket == nil {
            switch probe.connect(deadline: deadline) {
            case .failure(let outcome): return outcome
            case .socket(let connected): socket = connected
            }
        }
        guard let socket else { return .reset }
        let outcome = probe.exchange("hello\n", on: socket, answerEnd: .line, deadline: deadline)
        if case .answered = outcome { return outcome }
        self.socket = nil
        return outcome
    }
}
