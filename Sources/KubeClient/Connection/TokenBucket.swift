import Synchronization

/// Limits requests to so many a second in the long run, with a burst (client-go's flowcontrol.NewTokenBucketRateLimiter).
final class TokenBucket: Sendable {
    private struct State {
        var tokens: Double
        var last: ContinuousClock.Instant
    }

    private let ratePerSecond: Double
    private let burst: Double
    private let state: Mutex<State>

    /// - Parameter ratePerSecond: 0 or less for no limit.
    init(ratePerSecond: Double, burst: Int, now: ContinuousClock.Instant = .now) {
        self.ratePerSecond = ratePerSecond
        self.burst = Double(max(burst, 1))
        state = Mutex(State(tokens: self.burst, last: now))
    }

    /// Waits until one more request may be made.
    ///
    /// - Throws: `CancellationError`; the request still counts.
    func take() async throws {
        let wait = reserve(at: .now)
        if wait > .zero { try await Task.sleep(for: wait) }
    }

    /// Takes a token at a time, perhaps one that there will be only later, and says how long to wait for it.
    func reserve(at now: ContinuousClock.Instant) -> Duration {
        guard ratePerSecond > 0 else { return .zero }
        return state.withLock { state in
            let elapsed = max(state.last.duration(to: now) / .seconds(1), 0)
            state.tokens = min(state.tokens + elapsed * ratePerSecond, burst) - 1
            state.last = max(state.last, now)
            return state.tokens >= 0 ? .zero : .seconds(-state.tokens / ratePerSecond)
        }
    }
}
