import KubeAPI

/// A key and value of a label, or of a selector.
struct LabelPair: Hashable {
    let key: String
    let value: String
}

/// The Services with a selector, so that those which select a Pod are found by the Pod's labels.
///
/// A Service is filed under one pair of its selector: a Pod without that pair is not selected.
struct ServiceIndex {
    private struct Entry {
        let pair: LabelPair
        let selector: [String: String]
    }
    private var entries: [ObjectName: Entry] = [:]
    private var byPair: [String: [LabelPair: Set<ObjectName>]] = [:]

    mutating func set(_ name: ObjectName, selector: [String: String]) {
        remove(name)
        // The pair with the greatest key: `app` is more often shared by many Services than what comes after it.
        guard let (key, value) = selector.max(by: { $0.key < $1.key }) else { return }
        let entry = Entry(pair: LabelPair(key: key, value: value), selector: selector)
        entries[name] = entry
        byPair[name.namespace, default: [:]][entry.pair, default: []].insert(name)
    }

    mutating func remove(_ name: ObjectName) {
        guard let entry = entries.removeValue(forKey: name) else { return }
        byPair[name.namespace]?[entry.pair]?.remove(name)
        if byPair[name.namespace]?[entry.pair]?.isEmpty == true { byPair[name.namespace]?[entry.pair] = nil }
        if byPair[name.namespace]?.isEmpty == true { byPair[name.namespace] = nil }
    }

    /// The Services of `namespace` that select an object with these labels.
    func services(selecting labels: [String: String], in namespace: String) -> [ObjectName] {
        guard let pairs = byPair[namespace] else { return [] }
        return labels.flatMap { key, value in
            (pairs[LabelPair(key: key, value: value)] ?? []).filter { name in
                entries[name]?.selector.allSatisfy { labels[$0.key] == $0.value } == true
            }
        }
    }

    /// The selector of a Service; nil where it has none.
    func selector(of name: ObjectName) -> [String: String]? { entries[name]?.selector }
}
