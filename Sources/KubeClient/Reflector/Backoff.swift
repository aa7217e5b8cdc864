/// Pauses that grow from one failure to the next, with jitter, so that the nodes of a cluster do not come back to its API
/// server in step.
package struct Backoff: Sendable, Equatable {
    package var start: Duration
    package var factor: Double
    /// Before jitter.
    package var maximum: Duration
    /// The greatest part of a pause that is added to it at random.
    package var jitter: Double

    private var current: Duration?

    /// The defaults are those of client-go's reflector (tools/cache/reflector.go, `backoffManager`).
    package init(
        start: Duration = .milliseconds(800), factor: Double = 2, maximum: Duration = .seconds(30), jitter: Double = 1
    ) {
        self.start = start
        self.factor = factor
        self.maximum = maximum
        self.jitter = jitter
    }

    /// The pause that follows one more failure.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let pause = current ?? start
        current = min(pause * factor, maximum)
        return pause * (1 + jitter * Double.random(in: 0..<1, using: &generator))
    }

    package mutating func reset() { current = nil }
}
