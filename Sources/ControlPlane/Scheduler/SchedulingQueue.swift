import KubeAPI
import Synchronization

/// The Pods that wait for a node: those with the greatest priority first, and among these those that have waited longest.
/// A Pod that fits nowhere comes back when something has changed that may help, after a pause that grows.
final class SchedulingQueue: Sendable {
    private struct Entry {
        var pod: SchedulingPod
        /// When it came, for the order.
        let number: Int
        var attempts = 0
        /// Not before this.
        var notBefore: Timestamp
        var causes: FitFailure.Causes = []
    }

    private struct Rank: Hashable, Comparable {
        let priority: Int
        let number: Int
        let name: ObjectName

        static func < (left: Rank, right: Rank) -> Bool {
            left.priority == right.priority ? left.number < right.number : left.priority > right.priority
        }
    }

    private struct State {
        var entries: [ObjectName: Entry] = [:]
        var ready: [Rank] = []
        var isSorted = true
        /// Whose ranks in `ready` count.
        var readyNames: Set<ObjectName> = []
        var parked: Set<ObjectName> = []
        var inWork: Set<ObjectName> = []
        /// A change that may help came while a Pod was being worked on.
        var moved: [ObjectName: FitFailure.Causes] = [:]
        var alarms: [ObjectName: ScheduledCall] = [:]
        var counter = 0
        var isBusy = false
        var reader: CheckedContinuation<Bool, Never>?
        var isClosed = false
    }

    /// As upstream's `podInitialBackoffSeconds`, `podMaxBackoffSeconds` and its flush of what has waited for long.
    private static let firstPause = 1
    private static let longestPause = 10
    private static let flush = Duration.seconds(300)

    private let clock: any ControllerClock
    private let activity: Activity
    private let state = Mutex(State())

    init(clock: any ControllerClock, activity: Activity) {
        self.clock = clock
        self.activity = activity
    }

    /// A Pod wants a node, or is another one now.
    func set(_ pod: SchedulingPod) {
        let reader = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if var entry = state.entries[pod.name], entry.pod.uid == pod.uid {
                let isSame = entry.pod.labels == pod.labels && entry.pod.isGated == pod.isGated
                entry.pod = pod
                state.entries[pod.name] = entry
                // What its status says is our own writing.
                if isSame { return nil }
                return enqueue(pod.name, &state)
            }
            state.counter += 1
            state.entries[pod.name] = Entry(pod: pod, number: state.counter, notBefore: clock.now)
            return enqueue(pod.name, &state)
        }
        reader?.resume(returning: true)
    }

    /// A Pod wants no node any more.
    func remove(_ name: ObjectName) {
        state.withLock { state in
            guard state.entries.removeValue(forKey: name) != nil else { return }
            state.readyNames.remove(name)
            state.parked.remove(name)
            state.alarms.removeValue(forKey: name)?.cancel()
            updateActivity(&state)
        }
    }

    /// Something has changed: the Pods that one of these causes kept off a node are tried again.
    func move(_ causes: FitFailure.Causes) {
        let reader = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            for name in state.inWork { state.moved[name, default: []].formUnion(causes) }
            var reader: CheckedContinuation<Bool, Never>?
            for name in state.parked where !(state.entries[name]?.causes ?? []).isDisjoint(with: causes) {
                reader = enqueue(name, &state) ?? reader
            }
            return reader
        }
        reader?.resume(returning: true)
    }

    /// The next Pods, at most so many; empty when the queue is closed.
    func next(_ limit: Int) async -> [SchedulingPod] {
        while true {
            let pods = take(limit)
            if !pods.isEmpty { return pods }
            guard await wait() else { return [] }
        }
    }

    private func take(_ limit: Int) -> [SchedulingPod] {
        state.withLock { state in
            if !state.isSorted {
                // The first is at the end.
                state.ready.sort { $1 < $0 }
                state.isSorted = true
            }
            var pods: [SchedulingPod] = []
            while pods.count < limit, let rank = state.ready.popLast() {
                guard state.readyNames.remove(rank.name) != nil, let entry = state.entries[rank.name] else { continue }
                state.entries[rank.name]?.attempts += 1
                state.inWork.insert(rank.name)
                pods.append(entry.pod)
            }
            return pods
        }
    }

    private func wait() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.isClosed || Task.isCancelled { return false }
                    if !state.readyNames.isEmpty { return true }
                    state.reader = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            close()
        }
    }

    /// A Pod has a node, or is none of ours any more.
    func finish(_ name: ObjectName) {
        state.withLock { state in
            state.inWork.remove(name)
            state.moved[name] = nil
            state.entries[name] = nil
            updateActivity(&state)
        }
    }

    /// A Pod fits nowhere, for these causes; nil for a failure that time alone may help.
    func park(_ name: ObjectName, _ causes: FitFailure.Causes?) {
        let reader = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            state.inWork.remove(name)
            let moved = state.moved.removeValue(forKey: name) ?? []
            defer { updateActivity(&state) }
            guard var entry = state.entries[name] else { return nil }
            let pause = min(Self.longestPause, Self.firstPause << min(entry.attempts - 1, 8))
            entry.notBefore = clock.now + .seconds(pause)
            entry.causes = causes ?? []
            state.entries[name] = entry
            state.parked.insert(name)
            if causes.map({ !moved.isDisjoint(with: $0) }) ?? true { return enqueue(name, &state) }
            arm(name, at: clock.now + Self.flush, &state)
            return nil
        }
        reader?.resume(returning: true)
    }

    func close() {
        let reader = state.withLock { state in
            state.isClosed = true
            for alarm in state.alarms.values { alarm.cancel() }
            state.readyNames = []
            state.inWork = []
            updateActivity(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: false)
    }

    /// Makes a Pod ready, now or when its pause is over.
    ///
    /// - Returns: the reader to wake.
    private func enqueue(_ name: ObjectName, _ state: inout State) -> CheckedContinuation<Bool, Never>? {
        guard let entry = state.entries[name], !entry.pod.isGated, !state.isClosed else { return nil }
        if state.inWork.contains(name) { return nil }
        if entry.notBefore > clock.now {
            state.parked.insert(name)
            arm(name, at: entry.notBefore, &state)
            return nil
        }
        state.parked.remove(name)
        state.alarms.removeValue(forKey: name)?.cancel()
        let rank = Rank(priority: entry.pod.priority, number: entry.number, name: name)
        guard state.readyNames.insert(name).inserted else { return nil }
        state.ready.append(rank)
        state.isSorted = false
        updateActivity(&state)
        defer { state.reader = nil }
        return state.reader
    }

    private func arm(_ name: ObjectName, at time: Timestamp, _ state: inout State) {
        state.alarms.removeValue(forKey: name)?.cancel()
        state.alarms[name] = clock.schedule(at: time) { [weak self] in self?.wake(name) }
    }

    private func wake(_ name: ObjectName) {
        let reader = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            state.alarms[name] = nil
            guard state.parked.contains(name) else { return nil }
            return enqueue(name, &state)
        }
        reader?.resume(returning: true)
    }

    private func updateActivity(_ state: inout State) {
        let isBusy = !state.readyNames.isEmpty || !state.inWork.isEmpty
        guard isBusy != state.isBusy else { return }
        state.isBusy = isBusy
        if isBusy { activity.begin() } else { activity.end() }
    }
}
