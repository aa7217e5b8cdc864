import Storage
import Synchronization

/// What has happened for one watch and is not written yet: events of the store, a bookmark that is due, the end. Bounded:
/// a client that reads too slowly has its watch ended. One reader.
final class WatchInbox: Sendable {
    /// Why a watch ends.
    enum Ending: Sendable {
        /// The time that the client or the server has set for it is over.
        case timedOut
        case shuttingDown
        case clientGone
        /// The client has read too slowly.
        case overflowed
    }

    /// What the reader finds, in the order in which it must be written.
    struct Delivery: Sendable {
        var events: [StorageEvent] = []
        var bookmarkIsDue = false
        /// The last that is delivered.
        var ending: Ending?

        fileprivate var isEmpty: Bool { events.isEmpty && !bookmarkIsDue && ending == nil }
    }

    private struct State {
        var delivery = Delivery()
        var reader: CheckedContinuation<Void, Never>?
    }

    let capacity: Int
    /// Opened by the end.
    let ended = Gate()
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    /// A sink of the store.
    func put(_ event: StorageEvent) -> WatchDemand {
        let hasRoom = change { delivery in
            guard delivery.ending == nil else { return false }
            guard delivery.events.count < capacity else {
                delivery.ending = .overflowed
                return false
            }
            delivery.events.append(event)
            return true
        }
        guard !hasRoom else { return .more }
        ended.open()
        return .end
    }

    func askForBookmark() { change { $0.bookmarkIsDue = true } }

    /// Ends the watch behind the events that wait. The first reason counts.
    func end(_ ending: Ending) {
        change { if $0.ending == nil { $0.ending = ending } }
        ended.open()
    }

    /// Waits until there is something, and takes all of it. A cancellation is an end.
    func next() async -> Delivery {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.delivery.isEmpty { state.reader = continuation }
                    return !state.delivery.isEmpty
                }
                if isThere { continuation.resume() }
            }
        } onCancel: {
            end(.clientGone)
        }
        return state.withLock { state in
            defer { state.delivery = Delivery(ending: state.delivery.ending) }
            return state.delivery
        }
    }

    /// The events that wait now.
    func takeEvents() -> [StorageEvent] {
        state.withLock { state in
            defer { state.delivery.events = [] }
            return state.delivery.events
        }
    }

    @discardableResult
    private func change<Result: Sendable>(_ body: (inout Delivery) -> Result) -> Result {
        let (result, reader) = state.withLock { state in
            let result = body(&state.delivery)
            guard !state.delivery.isEmpty else { return (result, CheckedContinuation<Void, Never>?.none) }
            defer { state.reader = nil }
            return (result, state.reader)
        }
        reader?.resume()
        return result
    }
}
