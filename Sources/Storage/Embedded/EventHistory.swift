/// How much of the past a store keeps for watches and for ranges at older revisions.
package struct HistoryLimit: Sendable, Hashable {
    package var eventCount: Int
    /// Keys and values of the events together.
    package var bytes: Int

    package init(eventCount: Int = 10_000, bytes: Int = 64 << 20) {
        self.eventCount = eventCount
        self.bytes = bytes
    }
}

/// The last events of a store, oldest first: a ring that grows up to its limit.
struct EventHistory: Sendable {
    let limit: HistoryLimit
    private var slots: [StorageEvent?] = []
    private var head = 0
    private(set) var count = 0
    private(set) var bytes = 0

    init(limit: HistoryLimit) { self.limit = limit }

    mutating func append(_ event: StorageEvent) {
        if count == slots.count { grow() }
        slots[(head + count) % slots.count] = event
        count += 1
        bytes += event.historyBytes
    }

    /// Drops the oldest commits until the limit is kept.
    ///
    /// - Returns: what has been dropped: commits are dropped whole.
    mutating func trim() -> [StorageEvent] {
        var dropped: [StorageEvent] = []
        while count > limit.eventCount || bytes > limit.bytes, let oldest = first {
            dropped += removeAll(through: oldest.revision)
        }
        return dropped
    }

    /// Drops every event up to and with `revision`.
    mutating func removeAll(through revision: Revision) -> [StorageEvent] {
        var dropped: [StorageEvent] = []
        while let oldest = first, oldest.revision <= revision {
            slots[head] = nil
            head = (head + 1) % slots.count
            count -= 1
            bytes -= oldest.historyBytes
            dropped.append(oldest)
        }
        return dropped
    }

    /// The events after `revision` of the span's keys, oldest first.
    func events(after revision: Revision, in span: KeySpan) -> [StorageEvent] {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if let event = self[middle], event.revision > revision { high = middle } else { low = middle + 1 }
        }
        return (low..<count).compactMap { index in
            self[index].flatMap { span.contains($0.pair.key) ? $0 : nil }
        }
    }

    private var first: StorageEvent? { count > 0 ? slots[head] : nil }

    private subscript(index: Int) -> StorageEvent? { slots[(head + index) % slots.count] }

    private mutating func grow() {
        let ordered = (0..<count).map { self[$0] }
        slots = ordered + Array(repeating: nil, count: max(count, 16))
        head = 0
    }
}

extension StorageEvent {
    fileprivate var historyBytes: Int { pair.key.utf8.count + pair.value.count }
}
