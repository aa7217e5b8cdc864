import KubeAPI
import Synchronization

/// A store in memory: nothing outlives the process.
///
/// One lock, held for the length of one commit with its sinks, so all methods are synchronous; a list in pages or at an
/// older revision undoes the recent events instead of keeping versions, and is put in order outside of the lock. Events
/// share the objects' storage.
package final class MemoryStore: Store {
    /// How many events are kept for watches and lists from the past, if not told otherwise.
    package static let defaultHistoryLimit = 1024

    let state: Mutex<State>

    package init(historyLimit: Int = MemoryStore.defaultHistoryLimit) {
        state = Mutex(State(historyLimit: historyLimit))
    }

    package var revision: Revision { state.withLock { $0.revision } }

    package func get(_ key: ObjectKey) -> StoredObject? { state.withLock { $0.find(key) } }

    package func list(
        _ type: any KubernetesObject.Type, _ options: ListOptions = ListOptions()
    ) throws(StoreError) -> ObjectList {
        try state.withLock { (state) throws(StoreError) in try state.snapshot(type, options) }
            .page(limit: options.limit)
    }

    package func commit(_ transaction: Transaction) throws(StoreError) -> CommitResult {
        try state.withLock { (state) throws(StoreError) in
            let result = try state.apply(transaction)
            for event in result.events { state.notify(event) }
            return result
        }
    }

    package func watch(
        _ scope: WatchScope, from start: WatchStart, sink: @escaping WatchSink
    ) throws(StoreError) -> WatchRegistration {
        let (id, revision) = try state.withLock { (state) throws(StoreError) in
            (try state.addWatcher(scope, from: start, sink: sink), state.revision)
        }
        return WatchRegistration(revision: revision) { [weak self] in
            self?.state.withLock { $0.removeWatcher(id, of: scope.type) }
        }
    }

    package func compact(to revision: Revision) throws(StoreError) {
        try state.withLock { (state) throws(StoreError) in try state.compact(to: revision) }
    }

    /// How many watches are running.
    package var watchCount: Int { state.withLock { $0.watchers.values.reduce(0) { $0 + $1.count } } }
}

extension MemoryStore {
    /// The objects of one kind, by namespace and name.
    typealias Table = [String: [String: StoredObject]]

    struct State {
        /// As in etcd, an empty store is at 1.
        var revision: Revision = 1
        /// The revision before which there is no history.
        var oldestRevision: Revision = 1
        var tables: [ObjectIdentifier: Table] = [:]
        var history: EventRing
        var watchers: [ObjectIdentifier: [Watcher]] = [:]
        var nextWatcherID = 0

        init(historyLimit: Int) { history = EventRing(capacity: historyLimit) }

        func find(_ key: ObjectKey) -> StoredObject? {
            tables[ObjectIdentifier(key.type)]?[key.namespace]?[key.name]
        }

        private mutating func set(_ key: ObjectKey, _ object: StoredObject?) {
            tables[ObjectIdentifier(key.type), default: [:]][key.namespace, default: [:]][key.name] = object
            if object == nil, tables[ObjectIdentifier(key.type)]?[key.namespace]?.isEmpty == true {
                tables[ObjectIdentifier(key.type)]?[key.namespace] = nil
            }
        }

        /// - Throws: `conflict`, `duplicateKey`; nothing has been written then.
        mutating func apply(_ transaction: Transaction) throws(StoreError) -> CommitResult {
            for condition in transaction.conditions {
                let found = find(condition.key)?.modRevision
                guard found == condition.expected else {
                    throw .conflict(condition.key, expected: condition.expected, found: found)
                }
            }
            if transaction.operations.count > 1 {
                var keys: Set<ObjectKey> = []
                for operation in transaction.operations where !keys.insert(operation.key).inserted {
                    throw .duplicateKey(operation.key)
                }
            }
            let next = revision + 1
            let events = transaction.operations.compactMap { event(of: $0, at: next) }
            for event in events { record(event) }
            if !events.isEmpty { revision = next }
            return CommitResult(revision: revision, events: events)
        }

        private func event(of operation: Transaction.Operation, at next: Revision) -> StoreEvent? {
            let previous = find(operation.key)
            switch operation {
            case .put(let object):
                let stored = StoredObject(
                    object, createRevision: previous?.createRevision ?? next, modRevision: next,
                    version: (previous?.version ?? 0) + 1)
                return StoreEvent(previous == nil ? .added : .modified, stored, previous: previous)
            case .delete:
                guard let previous else { return nil }
                let last = StoredObject(
                    previous.object, createRevision: previous.createRevision, modRevision: next,
                    version: previous.version)
                return StoreEvent(.deleted, last, previous: previous)
            }
        }

        private mutating func record(_ event: StoreEvent) {
            set(event.object.key, event.kind == .deleted ? nil : event.object)
            if let evicted = history.append(event) { oldestRevision = max(oldestRevision, evicted.revision) }
        }

        /// - Throws: `compacted` or `future` where the history does not reach `revision`.
        func checkHistory(reaches requested: Revision) throws(StoreError) {
            guard requested >= oldestRevision else {
                throw .compacted(requested: requested, oldest: oldestRevision)
            }
            guard requested <= revision else { throw .future(requested: requested, current: revision) }
        }

        mutating func compact(to requested: Revision) throws(StoreError) {
            guard requested <= revision else { throw .future(requested: requested, current: revision) }
            guard requested > oldestRevision else { return }
            history.removeAll(through: requested)
            oldestRevision = requested
        }
    }
}
