import Synchronization

/// How many of several queues have work: together they are at rest only when none has.
package final class Activity: Sendable {
    private let count = Mutex(0)
    private let rest = Gate(isOpen: true)

    package init() {}

    /// One more has work.
    package func begin() {
        count.withLock { count in
            count += 1
            if count == 1 { rest.close() }
        }
    }

    /// One that had work has none any more.
    package func end() {
        count.withLock { count in
            count -= 1
            if count == 0 { rest.open() }
        }
    }

    /// Returns when nobody has work.
    ///
    /// - Throws: `CancellationError`.
    package func settled() async throws { try await rest.wait() }

    /// Whether `settled` would return at once.
    package var isAtRest: Bool { rest.isOpen }
}
