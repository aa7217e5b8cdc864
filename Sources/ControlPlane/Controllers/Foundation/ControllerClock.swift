import KubeAPI

/// The time that controllers go by; tests bring their own.
package protocol ControllerClock: Sendable {
    /// To the microsecond.
    var now: Timestamp { get }

    /// Calls `action` once, at `time` or soon after it, unless it is cancelled before.
    func schedule(at time: Timestamp, _ action: @escaping @Sendable () -> Void) -> ScheduledCall
}

/// A call that is to come.
package final class ScheduledCall: Sendable {
    private let onCancel: @Sendable () -> Void

    package init(onCancel: @escaping @Sendable () -> Void) { self.onCancel = onCancel }

    /// The call does not happen any more, unless it is under way.
    package func cancel() { onCancel() }
}

/// The time of the machine.
package struct SystemClock: ControllerClock {
    package init() {}

    package var now: Timestamp { .now }

    package func schedule(at time: Timestamp, _ action: @escaping @Sendable () -> Void) -> ScheduledCall {
        let delay = max(.zero, time - now)
        let task = Task {
            try? await Task.sleep(for: delay)
            if !Task.isCancelled { action() }
        }
        return ScheduledCall { task.cancel() }
    }
}

extension Timestamp {
    package static func + (time: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(
            microsecondsSinceEpoch: time.microsecondsSinceEpoch + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .microseconds(left.microsecondsSinceEpoch - right.microsecondsSinceEpoch)
    }
}
