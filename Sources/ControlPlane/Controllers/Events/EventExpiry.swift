import APIMachinery
import KubeAPI
import Synchronization

/// Deletes Events an hour after they were written last (kube-apiserver's `--event-ttl`, which is a lease of etcd).
///
/// Those that end in the same minute are kept together, so that there are as many alarms as minutes, and nothing is ever
/// looked through.
final class EventExpiry: Controller {
    private struct State {
        /// By the minute in which they end.
        var ends: [Int64: Set<ObjectName>] = [:]
        var minutes: [ObjectName: Int64] = [:]
        /// What is told from now on is written now.
        var isRunning = false

        mutating func set(_ name: ObjectName, endsIn minute: Int64?) -> Bool {
            if let old = minutes[name], old != minute {
                ends[old]?.remove(name)
                if ends[old]?.isEmpty == true { ends[old] = nil }
            }
            minutes[name] = minute
            guard let minute else { return false }
            let isNew = ends[minute] == nil
            ends[minute, default: []].insert(name)
            return isNew
        }
    }

    private let context: ControllerContext
    private let lifetime: Duration
    private let queue: WorkQueue<Int64>
    private let state = Mutex(State())

    init(_ context: ControllerContext, lifetimeSeconds: Int) {
        self.context = context
        lifetime = .seconds(lifetimeSeconds)
        queue = context.queue()
        context.feed.subscribe(.events) { [self] change in note(change) }
    }

    func run() async throws {
        state.withLock { $0.isRunning = true }
        try await context.runner("event-expiry", queue) { (minute) throws(Status) in
            try await self.delete(minute)
        }.run()
    }

    private func note(_ change: ObjectFeed.Change) {
        let now = context.clock.now
        let minute = state.withLock { state -> Int64? in
            if change.isGone {
                _ = state.set(change.name, endsIn: nil)
                return nil
            }
            let written = state.isRunning ? now : min(now, change.object.lastSaid ?? now)
            // The minute after the one in which its time is over.
            let minute = (written + lifetime).secondsSinceEpoch / 60 + 1
            return state.set(change.name, endsIn: minute) ? minute : nil
        }
        if let minute { queue.add(minute, after: Timestamp(secondsSinceEpoch: minute * 60) - now) }
    }

    private func delete(_ minute: Int64) async throws(Status) {
        let names = state.withLock { Array($0.ends[minute] ?? []) }
        let failure = await PodControl.inParallel(names.count) { index in
            do throws(Status) {
                try await self.context.delete(.events, names[index])
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }
}

extension Unstructured {
    /// Of an Event: the latest time that it tells.
    fileprivate var lastSaid: Timestamp? {
        [
            creationTimestamp, tree.time(at: "lastTimestamp"), tree.time(at: "eventTime"),
            tree.time(at: "series", "lastObservedTime"),
        ].compactMap { $0 }.max()
    }
}
