import KubeAPI

/// The names of the Pods by label and by node: what a Service selects is found without looking at every Pod.
struct PodIndex {
    private struct Entry {
        let labels: [String: String]
        let nodeName: String?
    }
    private var entries: [ObjectName: Entry] = [:]
    private var byPair: [String: [LabelPair: Set<ObjectName>]] = [:]
    private var byNode: [String: Set<ObjectName>] = [:]

    mutating func set(_ name: ObjectName, labels: [String: String], nodeName: String?) {
        remove(name)
        entries[name] = Entry(labels: labels, nodeName: nodeName)
        for (key, value) in labels {
            byPair[name.namespace, default: [:]][LabelPair(key: key, value: value), default: []].insert(name)
        }
        if let nodeName { byNode[nodeName, default: []].insert(name) }
    }

    mutating func remove(_ name: ObjectName) {
        guard let entry = entries.removeValue(forKey: name) else { return }
        for (key, value) in entry.labels {
            let pair = LabelPair(key: key, value: value)
            byPair[name.namespace]?[pair]?.remove(name)
            if byPair[name.namespace]?[pair]?.isEmpty == true { byPair[name.namespace]?[pair] = nil }
        }
        if byPair[name.namespace]?.isEmpty == true { byPair[name.namespace] = nil }
        guard let node = entry.nodeName else { return }
        byNode[node]?.remove(name)
        if byNode[node]?.isEmpty == true { byNode[node] = nil }
    }

    /// The Pods of `namespace` that have every label of `selector`, in the order of their names.
    func pods(matching selector: [String: String], in namespace: String) -> [ObjectName] {
        let sets = selector.map { byPair[namespace]?[LabelPair(key: $0.key, value: $0.value)] ?? [] }
        guard let fewest = sets.min(by: { $0.count < $1.count }) else { return [] }
        return fewest.filter { name in
            entries[name].map { entry in selector.allSatisfy { entry.labels[$0.key] == $0.value } } == true
        }.sorted()
    }

    /// The labels of the Pods on a node, each with its namespace.
    func labels(ofPodsOn node: String) -> [(namespace: String, labels: [String: String])] {
        (byNode[node] ?? []).compactMap { name in entries[name].map { (name.namespace, $0.labels) } }
    }
}
