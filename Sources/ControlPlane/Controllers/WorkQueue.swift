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

    package init(backoff: Backoff = Backoff()) { self.backoff = backoff }

    /// Asks for `key` to be worked on.
    package func add(_ key: Key) {
        let handover = state.withLock { state -> (CheckedContinuation<Key?, Never>, Key?)? in
            state.waiting.remove(key)
            guard !state.isClosed, state.wanted.insert(key).inserted else { return nil }
            idle.close()
            guard !state.active.contains(key) else { return nil }
            state.ready.append(key)
            guard let reader = state.reader else { return nil }
            state.reader = nil
            return (reader, state.pop())
        }
        if let (reader, key) = handover { reader.resume(returning: key) }
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

    /// The work on `key` has failed; add it again after the returned delay.
    package func fail(_ key: Key) -> Duration {
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
        let reader = state.withLock { state in
            state.isClosed = true
            defer { state.reader = nil }
            return state.reader
        }
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
            if !isWaitedFor { idle.open() }
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
