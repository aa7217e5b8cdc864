import ControlPlane
import KubeAPI
import Synchronization

/// A clock that goes on when it is told to. What is to happen within a second happens at once: retries, not deadlines.
final class TestClock: ControllerClock {
    private struct State {
        var now = Timestamp.now.wholeSeconds
        var calls: [Int: (time: Timestamp, action: @Sendable () -> Void)] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())

    var now: Timestamp { state.withLock { $0.now } }

    func schedule(at time: Timestamp, _ action: @escaping @Sendable () -> Void) -> ScheduledCall {
        let id = state.withLock { state -> Int? in
            guard time - state.now >= .seconds(1) else { return nil }
            state.nextID += 1
            state.calls[state.nextID] = (time, action)
            return state.nextID
        }
        guard let id else {
            let task = Task { if !Task.isCancelled { action() } }
            return ScheduledCall { task.cancel() }
        }
        return ScheduledCall { [weak self] in self?.state.withLock { _ = $0.calls.removeValue(forKey: id) } }
    }

    /// Lets time go by; what was to happen until then happens before this returns.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            let due = state.calls.filter { $0.value.time <= state.now }
            for id in due.keys { state.calls[id] = nil }
            return due.sorted { ($0.value.time, $0.key) < ($1.value.time, $1.key) }
        }
        for call in due { call.value.action() }
    }
}
