import KubeAPI

extension MemoryStore {
    /// A sink with what it wants to see.
    struct Watcher {
        let id: Int
        let scope: WatchScope
        let sink: WatchSink
    }
}

extension MemoryStore.State {
    /// Gives the sink what `start` brings, and keeps it if it wants more.
    ///
    /// - Returns: the number that `removeWatcher` takes.
    /// - Throws: `compacted`, `future`.
    mutating func addWatcher(
        _ scope: WatchScope, from start: WatchStart, sink: @escaping WatchSink
    ) throws(StoreError) -> Int {
        let replay: [StoreEvent]
        switch start {
        case .now: replay = []
        case .existingObjects:
            replay = snapshot(of: scope.type, namespace: scope.namespace, at: revision).objects()
                .map { StoreEvent(.added, $0, previous: nil) }
        case .after(let seen):
            try checkHistory(reaches: seen)
            replay = history.events(after: seen)
                .filter { $0.object.key.type == scope.type && scope.covers(namespace: $0.object.key.namespace) }
        }
        nextWatcherID += 1
        for event in replay where sink(event) == .end { return nextWatcherID }
        watchers[ObjectIdentifier(scope.type), default: []].append(
            MemoryStore.Watcher(id: nextWatcherID, scope: scope, sink: sink))
        return nextWatcherID
    }

    mutating func removeWatcher(_ id: Int, of type: any KubernetesObject.Type) {
        watchers[ObjectIdentifier(type)]?.removeAll { $0.id == id }
    }

    /// Calls every sink that covers the event, and forgets those that have had enough.
    mutating func notify(_ event: StoreEvent) {
        let key = event.object.key
        guard let audience = watchers[ObjectIdentifier(key.type)] else { return }
        var ended: [Int] = []
        for watcher in audience where watcher.scope.covers(namespace: key.namespace) {
            if watcher.sink(event) == .end { ended.append(watcher.id) }
        }
        for id in ended { removeWatcher(id, of: key.type) }
    }
}
