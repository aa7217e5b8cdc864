import KubeAPI
import Synchronization

/// The keys of what a controller has to look at again. A key is in it once, however often it is added, so it is bounded
/// by the number of objects; a key that is added while it is worked on is handed out again afterwards, never twice at
/// the same time. One reader.
package final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    private struct State {
        var ready: [Key] = []
        /// The first of `ready` that has not been handed out.
        var head = 0
        /// In `ready`, or to be put there when the work on it is done.
        var wanted: Set<Key> = []
        var active: Set<Key> = []
        var failures: [Key: Int] = [:]
        /// Waiting for their next try.
        var waiting: Set<Key> = []
        var reader: CheckedContinuation<Key?, Never>?
        var isClosed = false
        var isIdle = true
        /// When keys are to be added, each with the call that does it.
        var alarms: [Key: (time: Timestamp, call: ScheduledCall)] = [:]

        mutating func pop() -> Key? {
            guard head < ready.count else { return nil }
            let key = ready[head]
            head += 1
            if head == ready.count {
                ready.removeAll(keepingCapacity: head <= 1024)
                head = 0
            }
            wanted.remove(key)
            active.insert(key)
            return key
        }
    }

    private let state = Mutex(State())
    /// Open while nothing is to be done, but for keys that have failed too often to be waited for.
    private let idle = Gate(isOpen: true)
    private let backoff: Backoff
    private let clock: any ControllerClock
    private let activity: Activity?

    /// `activity` is told while there is something to do.
    package init(
        backoff: Backoff = Backoff(), clock: any ControllerClock = SystemClock(), activity: Activity? = nil
    ) {
        self.backoff = backoff
        self.clock = clock
        self.activity = activity
    }

    /// Asks for `key` to be worked on.
    package func add(_ key: Key) {
        let handover = state.withLock { state -> (CheckedContinuation<Key?, Never>, Key?)? in
            state.waiting.remove(key)
            guard !state.isClosed, state.wanted.insert(key).inserted else { return nil }
            note(isIdle: false, &state)
            guard !state.active.contains(key) else { return nil }
            state.ready.append(key)
            guard let reader = state.reader else { return nil }
            state.reader = nil
            return (reader, state.pop())
        }
        if let (reader, key) = handover { reader.resume(returning: key) }
    }

    /// Asks for `key` to be worked on after a time, or at the earlier one that was asked for before.
    package func add(_ key: Key, after delay: Duration) {
        let time = clock.now + delay
        let now = clock.now
        let isKnown = state.withLock { state in
            state.isClosed || state.alarms[key].map { $0.time <= time && $0.time > now } == true
        }
        if isKnown { return }
        let call = clock.schedule(at: time) { [weak self] in
            self?.state.withLock { _ = $0.alarms.removeValue(forKey: key) }
            self?.add(key)
        }
        let replaced = state.withLock { state in
            defer { state.alarms[key] = (time, call) }
            return state.alarms[key]
        }
        replaced?.call.cancel()
    }

    /// The next key, when there is one; nil when the queue is closed or the task cancelled.
    package func next() async -> Key? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Key?? = state.withLock { state in
                    if state.isClosed || Task.isCancelled { return .some(nil) }
                    if let key = state.pop() { return key }
                    state.reader = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            close()
        }
    }

    /// The work on `key` is done, well.
    package func succeed(_ key: Key) { finish(key) { $0.failures[key] = nil } }

    /// The work on `key` has failed: it is added again after a while.
    package func retry(_ key: Key) {
        let delay = fail(key)
        _ = clock.schedule(at: clock.now + delay) { [weak self] in self?.add(key) }
    }

    /// The work on `key` has failed; add it again after the returned delay.
    func fail(_ key: Key) -> Duration {
        var failures = 1
        finish(key) { state in
            failures = (state.failures[key] ?? 0) + 1
            state.failures[key] = failures
            if !state.wanted.contains(key) { state.waiting.insert(key) }
        }
        return backoff.delay(failures: failures)
    }

    /// Ends the queue: the reader gets nil, and further keys are ignored.
    package func close() {
        let (reader, alarms) = state.withLock { state in
            state.isClosed = true
            note(isIdle: true, &state)
            defer {
                state.reader = nil
                state.alarms = [:]
            }
            return (state.reader, Array(state.alarms.values))
        }
        for alarm in alarms { alarm.call.cancel() }
        reader?.resume(returning: nil)
    }

    /// Whether `settled` would return at once.
    var isIdle: Bool { idle.isOpen }

    /// Returns when every key has been worked on. A key that keeps failing is waited for through its first tries only.
    ///
    /// - Throws: `CancellationError`.
    package func settled() async throws { try await idle.wait() }

    private func finish(_ key: Key, _ note: (inout State) -> Void) {
        state.withLock { state in
            state.active.remove(key)
            note(&state)
            if state.wanted.contains(key) { state.ready.append(key) }
            guard state.wanted.isEmpty, state.active.isEmpty else { return }
            let isWaitedFor = state.waiting.contains { (state.failures[$0] ?? 0) < backoff.patience }
            if !isWaitedFor { self.note(isIdle: true, &state) }
        }
    }

    private func note(isIdle: Bool, _ state: inout State) {
        guard state.isIdle != isIdle else { return }
        state.isIdle = isIdle
        if isIdle {
            idle.open()
            activity?.end()
        } else {
            idle.close()
            activity?.begin()
        }
    }
}

/// How long a failing key waits: doubling from `first` to `longest`, as upstream's rate limiter.
package struct Backoff: Sendable {
    package var first: Duration
    package var longest: Duration
    /// After so many failures nobody waits for the key any more.
    package var patience: Int

    package init(first: Duration = .milliseconds(5), longest: Duration = .seconds(60), patience: Int = 4) {
        self.first = first
        self.longest = longest
        self.patience = patience
    }

    package func delay(failures: Int) -> Duration { min(longest, first * (1 << min(max(failures, 1) - 1, 20))) }
}
