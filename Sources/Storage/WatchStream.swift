import Synchronization

/// A watch as an asynchronous sequence with a bounded buffer: the events in order, then, if the reader fell behind by
/// more than the buffer's capacity, the error `watchExpired`. No event is dropped in silence. One reader.
///
/// The watch ends, and all it holds is freed, when the reading task is cancelled or the sequence is dropped.
package struct WatchStream: AsyncSequence, Sendable {
    package typealias Element = StorageEvent

    private let stream: AsyncThrowingStream<StorageEvent, any Error>
    private let backlog: WatchBacklog

    package struct Iterator: AsyncIteratorProtocol {
        var base: AsyncThrowingStream<StorageEvent, any Error>.Iterator
        let backlog: WatchBacklog

        /// - Throws: `StorageError.watchExpired`, after the events that were buffered.
        package mutating func next() async throws -> StorageEvent? {
            guard let event = try await base.next() else { return nil }
            backlog.didRead()
            return event
        }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(base: stream.makeAsyncIterator(), backlog: backlog) }

    fileprivate init(_ stream: AsyncThrowingStream<StorageEvent, any Error>, _ backlog: WatchBacklog) {
        self.stream = stream
        self.backlog = backlog
    }
}

/// How far the reader of a `WatchStream` is behind, and the registration that its end cancels.
final class WatchBacklog: Sendable {
    private struct State {
        var unread = 0
        /// No limit while the start is replayed: the store bounds that.
        var limit = Int.max
        var isOver = false
        var registration: WatchRegistration?
    }
    private let state = Mutex(State())

    /// Counts an event in.
    ///
    /// - Returns: false when the buffer is full or the reader is gone.
    func admit() -> Bool {
        state.withLock { state in
            guard !state.isOver, state.unread < state.limit else {
                state.isOver = true
                return false
            }
            state.unread += 1
            return true
        }
    }

    func didRead() { state.withLock { $0.unread -= 1 } }

    /// From here on `capacity` events may wait, beside what is left of the replay.
    func begin(_ registration: WatchRegistration, capacity: Int) {
        let isOver = state.withLock { state in
            state.limit = state.unread + capacity
            if !state.isOver { state.registration = registration }
            return state.isOver
        }
        if isOver { registration.cancel() }
    }

    /// The reader is gone. A watch that has overflowed is already off the store's list, and this may then be inside a
    /// sink: it must not call the store.
    func end() {
        let registration = state.withLock { state in
            let registration = state.isOver ? nil : state.registration
            state.isOver = true
            state.registration = nil
            return registration
        }
        registration?.cancel()
    }
}

extension KeyValueStore {
    /// Watches with a buffer of `capacity` events beyond what `start` brings.
    ///
    /// - Throws: `compacted`, `future`, `unavailable`.
    package func events(
        prefix: String, from start: WatchStart, capacity: Int
    ) async throws(StorageError) -> WatchStream {
        let (stream, continuation) = AsyncThrowingStream<StorageEvent, any Error>.makeStream()
        let backlog = WatchBacklog()
        continuation.onTermination = { _ in backlog.end() }
        let registration = try await watch(prefix: prefix, from: start) { event in
            guard backlog.admit() else {
                continuation.finish(throwing: StorageError.watchExpired(capacity: capacity))
                return .end
            }
            continuation.yield(event)
            return .more
        }
        backlog.begin(registration, capacity: capacity)
        return WatchStream(stream, backlog)
    }
}
