import KubeAPI

extension MemoryStore.State {
    /// - Throws: `compacted`, `future`, `invalidContinueToken`.
    func list(_ type: any KubernetesObject.Type, _ options: ListOptions) throws(StoreError) -> ObjectList {
        var token: ContinueToken?
        if let text = options.continueToken { token = try ContinueToken(text) }
        let shown = token?.revision ?? options.revision ?? revision
        try checkHistory(reaches: shown)

        var objects = objects(of: type, namespace: options.namespace, at: shown)
        if let last = token?.last { objects.removeFirst(firstIndex(after: last, in: objects)) }
        let page = options.limit.map { Array(objects.prefix(max($0, 1))) } ?? objects
        let remaining = objects.count - page.count
        let next = remaining > 0 ? page.last.map { ContinueToken(revision: shown, last: $0.key.namespacedName) } : nil
        return ObjectList(objects: page, revision: shown, continueToken: next?.text, remainingCount: remaining)
    }

    /// The objects in the order of their keys, as they were at `shown`.
    func objects(of type: any KubernetesObject.Type, namespace: String?, at shown: Revision) -> [StoredObject] {
        var table = tables[ObjectIdentifier(type)] ?? [:]
        if let namespace { table = table[namespace].map { [namespace: $0] } ?? [:] }
        for event in history.events(after: shown).reversed() {
            let key = event.object.key
            guard key.type == type, namespace == nil || namespace == key.namespace else { continue }
            table[key.namespace, default: [:]][key.name] = event.previous
        }
        return table.sorted { $0.key < $1.key }
            .flatMap { $0.value.sorted { $0.key < $1.key }.map(\.value) }
    }

    private func firstIndex(after last: NamespacedName, in objects: [StoredObject]) -> Int {
        objects.firstIndex { $0.key.namespacedName > last } ?? objects.endIndex
    }
}
