import KubeAPI

extension MemoryStore {
    /// What a list shows, taken under the lock by reference alone: it is put in order after the lock is released.
    struct Snapshot {
        let table: Table
        /// What has happened to these objects since `revision`, oldest first.
        let later: [StoreEvent]
        let revision: Revision
        /// The list begins behind this name.
        var last: NamespacedName?

        /// The objects in the order of their keys, as they were at `revision`.
        func objects() -> [StoredObject] {
            var table = table
            for event in later.reversed() {
                table[event.object.key.namespace, default: [:]][event.object.key.name] = event.previous
            }
            return table.sorted { $0.key < $1.key }
                .flatMap { $0.value.sorted { $0.key < $1.key }.map(\.value) }
        }

        /// At most `limit` objects, and the token for those after them.
        func page(limit: Int?) -> ObjectList {
            var objects = objects()
            if let last {
                let first = objects.firstIndex { $0.key.namespacedName > last } ?? objects.endIndex
                objects.removeFirst(first)
            }
            let page = limit.map { Array(objects.prefix(max($0, 1))) } ?? objects
            let remaining = objects.count - page.count
            let next =
                remaining > 0
                ? page.last.map { ContinueToken(revision: revision, last: $0.key.namespacedName) } : nil
            return ObjectList(
                objects: page, revision: revision, continueToken: next?.text, remainingCount: remaining)
        }
    }
}

extension MemoryStore.State {
    /// - Throws: `compacted`, `future`, `invalidContinueToken`.
    func snapshot(
        _ type: any KubernetesObject.Type, _ options: ListOptions
    ) throws(StoreError) -> MemoryStore.Snapshot {
        var token: ContinueToken?
        if let text = options.continueToken { token = try ContinueToken(text) }
        let shown = token?.revision ?? options.revision ?? revision
        try checkHistory(reaches: shown)
        var snapshot = snapshot(of: type, namespace: options.namespace, at: shown)
        snapshot.last = token?.last
        return snapshot
    }

    /// The objects as they were at `shown`, which the history reaches.
    func snapshot(
        of type: any KubernetesObject.Type, namespace: String?, at shown: Revision
    ) -> MemoryStore.Snapshot {
        var table = tables[ObjectIdentifier(type)] ?? [:]
        if let namespace { table = table[namespace].map { [namespace: $0] } ?? [:] }
        let later = history.events(after: shown).filter { event in
            let key = event.object.key
            return key.type == type && (namespace == nil || namespace == key.namespace)
        }
        return MemoryStore.Snapshot(table: table, later: later, revision: shown)
    }
}
