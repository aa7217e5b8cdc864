/// What an embedded store shows: the pairs, their recent past, and who is told of their future.
struct StoreState: Sendable {
    /// As in etcd, an empty store is at 1.
    var revision: Revision = 1
    /// The history begins behind this revision.
    var oldestRevision: Revision = 1
    var pairs = SortedPairs()
    var history: EventHistory
    var watchers = WatcherTable()

    init(limit: HistoryLimit) { history = EventHistory(limit: limit) }

    /// What a transaction would do now.
    ///
    /// - Throws: `conflict`, `duplicateKey`.
    func workOut(_ transaction: Transaction) throws(StorageError) -> CommitResult {
        var draft = Draft(over: pairs, at: revision)
        return try draft.add(transaction)
    }

    /// Applies events of one or more whole commits and tells the watchers.
    ///
    /// - Returns: the events that have left the history.
    mutating func publish(_ events: [StorageEvent]) -> [StorageEvent] {
        for event in events {
            record(event)
            watchers.notify(event)
        }
        return trimHistory()
    }

    /// Applies an event and keeps it; the history may be beyond its limit then.
    mutating func record(_ event: StorageEvent) {
        pairs[event.pair.key] = event.current
        history.append(event)
        revision = event.revision
    }

    /// - Returns: the events that have left the history.
    mutating func trimHistory() -> [StorageEvent] {
        let dropped = history.trim()
        if let last = dropped.last { oldestRevision = max(oldestRevision, last.revision) }
        return dropped
    }

    /// - Returns: the events that have left the history.
    /// - Throws: `future`.
    mutating func compact(to requested: Revision) throws(StorageError) -> [StorageEvent] {
        guard requested <= revision else { throw .future(requested: requested, current: revision) }
        guard requested > oldestRevision else { return [] }
        oldestRevision = requested
        return history.removeAll(through: requested)
    }

    /// What a range shows, by reference: it is cut out after the lock is released.
    ///
    /// - Throws: `compacted`, `future`.
    func view(_ request: RangeRequest) throws(StorageError) -> StoreView {
        let shown = request.revision ?? revision
        try checkHistory(reaches: shown)
        let span = KeySpan(request.keys)
        let later = shown == revision ? [] : history.events(after: shown, in: span)
        return StoreView(pairs: pairs, later: later, span: span, revision: shown)
    }

    /// Gives the sink what `start` brings, and keeps it if it wants more.
    ///
    /// - Returns: the number that ends the watch; nil when the sink has ended it.
    /// - Throws: `compacted`, `future`.
    mutating func addWatcher(
        prefix: String, from start: WatchStart, sink: @escaping WatchSink
    ) throws(StorageError) -> Int? {
        let span = KeySpan(prefix: prefix)
        let replay: [StorageEvent]
        switch start {
        case .now: replay = []
        case .existingPairs:
            replay = pairs.page(span, after: nil, limit: nil).pairs.map { StorageEvent(.added, $0, previous: nil) }
        case .after(let seen):
            try checkHistory(reaches: seen)
            replay = history.events(after: seen, in: span)
        }
        for event in replay where sink(event) == .end { return nil }
        return watchers.add(prefix: prefix, sink: sink)
    }

    /// - Throws: `compacted` or `future` where the history does not reach `requested`.
    private func checkHistory(reaches requested: Revision) throws(StorageError) {
        guard requested >= oldestRevision else {
            throw .compacted(requested: requested, oldest: oldestRevision)
        }
        guard requested <= revision else { throw .future(requested: requested, current: revision) }
    }
}

/// The pairs of a span at one revision.
struct StoreView: Sendable {
    /// The latest pairs.
    let pairs: SortedPairs
    /// What has happened to the span's keys since `revision`, oldest first.
    let later: [StorageEvent]
    let span: KeySpan
    let revision: Revision

    func page(after: String?, limit: Int?) -> RangeResult {
        var pairs = pairs
        for event in later.reversed() { pairs[event.pair.key] = event.previous }
        let page = pairs.page(span, after: after, limit: limit)
        return RangeResult(pairs: page.pairs, revision: revision, remainingCount: page.remaining)
    }
}
