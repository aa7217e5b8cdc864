import KubeAPI

/// The names of all objects that have been handed out: all that a reflector keeps of them.
struct NameLedger: Sendable {
    /// Namespace, name, and the number of the list that the name was seen in or after. Objects share namespaces.
    private var lists: [String: [String: UInt32]] = [:]
    private var currentList: UInt32 = 0
    private(set) var count = 0

    /// Begins a list: names that it does not bring will be gone at its end.
    mutating func beginList() { currentList += 1 }

    mutating func insert(_ name: ObjectName) {
        if lists[name.namespace, default: [:]].updateValue(currentList, forKey: name.name) == nil { count += 1 }
    }

    /// Whether it was there.
    mutating func remove(_ name: ObjectName) -> Bool {
        guard lists[name.namespace]?.removeValue(forKey: name.name) != nil else { return false }
        if lists[name.namespace]?.isEmpty == true { lists[name.namespace] = nil }
        count -= 1
        return true
    }

    /// Ends a list that came completely: takes out the names that it did not bring.
    mutating func takeGone() -> [ObjectName] {
        var gone: [ObjectName] = []
        for (namespace, names) in lists {
            for (name, list) in names where list != currentList {
                gone.append(ObjectName(namespace: namespace, name: name))
            }
        }
        for name in gone { _ = remove(name) }
        return gone
    }
}
