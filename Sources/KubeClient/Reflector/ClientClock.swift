/// Time as this target knows it, so that tests can have their own.
package struct ClientClock: Sendable {
    /// Since any fixed moment.
    package var now: @Sendable () -> Duration
    /// Throws `CancellationError` at once when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    package static let continuous: ClientClock = {
        let start = ContinuousClock.now
        return ClientClock(
            now: { start.duration(to: .now) }, sleep: { try await Task.sleep(for: $0, clock: .continuous) })
    }()
}
