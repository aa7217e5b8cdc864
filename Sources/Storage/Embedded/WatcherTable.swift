/// The watchers of a store. Those with a prefix of two whole path segments or more, so all that watch one kind of objects,
/// are found without a look at the watchers of the other kinds.
struct WatcherTable: Sendable {
    private struct Watcher: Sendable {
        let id: Int
        let span: KeySpan
        let sink: WatchSink
    }

    /// By the first two path segments of the prefix; those with a shorter prefix under the empty string.
    private var watchers: [String: [Watcher]] = [:]
    private var nextID = 0

    var count: Int { watchers.values.reduce(0) { $0 + $1.count } }

    /// - Returns: the number that `remove` takes.
    mutating func add(prefix: String, sink: @escaping WatchSink) -> Int {
        nextID += 1
        let watcher = Watcher(id: nextID, span: KeySpan(prefix: prefix), sink: sink)
        watchers[Self.group(of: prefix), default: []].append(watcher)
        return nextID
    }

    mutating func remove(_ id: Int, prefix: String) { remove([id], from: Self.group(of: prefix)) }

    /// Calls every sink that covers the event, and forgets those that have had enough.
    mutating func notify(_ event: StorageEvent) {
        let group = Self.group(of: event.pair.key)
        notify(event, group: group)
        if !group.isEmpty { notify(event, group: "") }
    }

    private mutating func notify(_ event: StorageEvent, group: String) {
        guard let audience = watchers[group] else { return }
        var ended: Set<Int> = []
        for watcher in audience where watcher.span.contains(event.pair.key) {
            if watcher.sink(event) == .end { ended.insert(watcher.id) }
        }
        if !ended.isEmpty { remove(ended, from: group) }
    }

    private mutating func remove(_ ids: Set<Int>, from group: String) {
        watchers[group]?.removeAll { ids.contains($0.id) }
        if watchers[group]?.isEmpty == true { watchers[group] = nil }
    }

    /// `/registry/pods/` of `/registry/pods/default/web`; empty without two whole segments.
    private static func group(of key: String) -> String {
        var slashes = 0
        for index in key.utf8.indices where key.utf8[index] == UInt8(ascii: "/") {
            slashes += 1
            if slashes == 3 { return String(key[...index]) }
        }
        return ""
    }
}
