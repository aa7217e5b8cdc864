import KubeAPI

/// What a reflector does next after what came of its last request: pure decisions, no I/O.
///
/// Based on client-go's reflector (tools/cache/reflector.go); what differs says so.
struct ReflectorPlan {
    /// How an answer ended.
    struct End {
        /// Nil when the server ended it in order.
        var failure: ReflectorFailure?
        /// The head was one of success.
        var wasOpened = false
        /// From the request to the end.
        var lasted: Duration = .zero
        /// What came of a watch.
        var lines = 0
    }

    /// What follows an answer, before the next request.
    struct Step: Equatable {
        var pause: Duration = .zero
        /// An optional kind is not there: the rest is not to wait for it.
        var announcesSynced = false
        /// Something is wrong that a person should know of. False for what happens in any healthy cluster.
        var isTrouble = false
    }

    /// What a bookmark says.
    enum Bookmark: Equatable {
        case progress
        case endOfList
        /// The answer is of no use any more.
        case failure(ReflectorFailure)
    }

    private(set) var request: ReflectorRequest
    /// Everything up to here has come; empty before the first list.
    private(set) var resourceVersion = ""

    /// Two streaming lists that break off, or eight that the server fails, and lists come in pages.
    private static let streamPatience = 8

    private let settings: ReflectorConfiguration
    private var backoff: Backoff
    private var generator: any RandomNumberGenerator & Sendable
    /// The server does not know `resourceVersion`, no longer or not yet.
    private var isVersionLost = false
    /// The server makes pages of a list that may be of any version, so it has no watch cache.
    private var isPaging = false
    private var streamingRefusedAt: Duration?
    /// What streaming lists in a row did not come to their end for; one that the server was away for weighs less.
    private var unfinishedStreams = 0
    /// Watches in a row that brought nothing, not even a bookmark.
    private var silentWatches = 0
    /// Since when there is no connection to the server.
    private var unreachableSince: Duration?
    /// That is not for long yet, and the server has answered before.
    private var isRestarting = false

    init(_ configuration: ReflectorConfiguration) {
        settings = configuration
        backoff = configuration.backoff
        generator = configuration.randomness
        request = .streamingList(resourceVersion: "")
        beginList(at: .zero)
    }

    /// What the server is asked to end the next watch after.
    mutating func watchTimeoutSeconds() -> Int { Int.random(in: settings.watchTimeoutSeconds, using: &generator) }

    // MARK: What comes in

    /// An object has come in a watch.
    mutating func changed(to version: String) {
        // The objects of a streaming list come in no order of their versions.
        if case .watch = request, !version.isEmpty { resourceVersion = version }
    }

    mutating func bookmark(_ version: String, endsInitialList: Bool) -> Bookmark {
        switch request {
        case .streamingList:
            // None comes before the one that ends the list (storage/cacher/cache_watcher.go).
            guard endsInitialList else {
                return .failure(ReflectorFailure(.endless, "the server sends no list in a watch"))
            }
            guard !version.isEmpty else {
                return .failure(ReflectorFailure(.malformed, "the list has no resource version"))
            }
            listed(at: version)
            return .endOfList
        case .watch:
            if let now = UInt64(version), let before = UInt64(resourceVersion), now < before {
                return .failure(ReflectorFailure(.tooNew, "the server went back from version \(before) to \(now)"))
            }
            changed(to: version)
            return .progress
        case .list: return .progress
        }
    }

    /// A page has come to its end.
    ///
    /// - Returns: whether the list has.
    mutating func pageRead(_ metadata: ListMetadata) throws(ReflectorFailure) -> Bool {
        guard case .list(var page) = request else { return false }
        if page.listVersion.isEmpty { page.listVersion = metadata.resourceVersion }
        guard !page.listVersion.isEmpty else {
            throw ReflectorFailure(.malformed, "the list has no resource version")
        }
        guard metadata.continueToken.isEmpty else {
            if page.resourceVersion == "0" { isPaging = true }
            page.continueToken = metadata.continueToken
            request = .list(page)
            return false
        }
        listed(at: page.listVersion)
        return true
    }

    private mutating func listed(at version: String) {
        resourceVersion = version
        isVersionLost = false
        unfinishedStreams = 0
        silentWatches = 0
        request = .watch(resourceVersion: version)
    }

    // MARK: What comes next

    /// An answer has ended that did not complete a page.
    mutating func ended(_ end: End, at now: Duration) -> Step {
        if end.wasOpened, end.lasted >= settings.backoffResetAfter { backoff.reset() }
        notice(end, at: now)
        switch request {
        case .watch: return watchEnded(end, at: now)
        case .streamingList(let version): return streamEnded(end, version: version, at: now)
        case .list(let page): return listEnded(end, page, at: now)
        }
    }

    private mutating func notice(_ end: End, at now: Duration) {
        guard end.failure?.kind == .broken, !end.wasOpened else {
            (unreachableSince, isRestarting) = (nil, false)
            return
        }
        let since = unreachableSince ?? now - end.lasted
        unreachableSince = since
        isRestarting = !resourceVersion.isEmpty && now - since < settings.restartPatience
    }

    private mutating func watchEnded(_ end: End, at now: Duration) -> Step {
        switch end.failure?.kind {
        case nil, .broken, .overloaded, .unavailable:
            // A server whose store is older than it was says nothing at all until it has caught up: events and bookmarks
            // up to the version of the watch are not sent. A list asks it for that version.
            let isSilent = end.wasOpened && end.lines == 0 && end.lasted >= settings.watchIdleTimeout
            silentWatches = isSilent ? silentWatches + 1 : end.wasOpened ? 0 : silentWatches
            if silentWatches >= 2 {
                silentWatches = 0
                return newList(end, at: now)
            }
            request = .watch(resourceVersion: resourceVersion)
            return pause(after: end)
        case .expired: return newList(end, at: now)
        case .tooNew:
            isVersionLost = true
            return newList(end, at: now)
        case .endless, .rejected, .missing, .forbidden, .malformed, .other:
            beginList(at: now)
            return Step(pause: nextPause(end.failure), isTrouble: true)
        }
    }

    private mutating func streamEnded(_ end: End, version: String, at now: Duration) -> Step {
        switch end.failure?.kind {
        case .rejected, .missing, .endless: return refuseStreams(at: now)
        case .forbidden: return absent(end.failure, at: now)
        case .expired where !version.isEmpty, .tooNew where !version.isEmpty:
            isVersionLost = true
            request = .streamingList(resourceVersion: "")
            return Step()
        case .overloaded: break
        case .unavailable: unfinishedStreams += 1
        case .broken where !end.wasOpened: break
        default: unfinishedStreams += Self.streamPatience / 2
        }
        if unfinishedStreams >= Self.streamPatience { return refuseStreams(at: now) }
        return end.failure == nil ? pause(after: end) : Step(pause: nextPause(end.failure), isTrouble: true)
    }

    private mutating func refuseStreams(at now: Duration) -> Step {
        streamingRefusedAt = now
        unfinishedStreams = 0
        beginList(at: now)
        return Step()
    }

    private mutating func listEnded(_ end: End, _ page: ReflectorRequest.Page, at now: Duration) -> Step {
        switch end.failure?.kind {
        case .expired where !page.continueToken.isEmpty:
            // As client-go's pager does: all in one answer cannot expire.
            request = .list(.init(resourceVersion: page.resourceVersion, limit: nil))
            return Step()
        case .expired where !page.resourceVersion.isEmpty, .tooNew where !page.resourceVersion.isEmpty:
            isVersionLost = true
            beginList(at: now)
            return Step()
        case nil, .broken, .overloaded, .unavailable:
            // The same page again: what came of it is handed out once more.
            break
        case .missing, .forbidden: return absent(end.failure, at: now)
        case .endless, .expired, .tooNew, .rejected, .malformed, .other: beginList(at: now)
        }
        return Step(pause: nextPause(end.failure), isTrouble: true)
    }

    /// The server does not have this kind, or does not let us read it.
    private mutating func absent(_ failure: ReflectorFailure?, at now: Duration) -> Step {
        beginList(at: now)
        guard settings.isOptional else { return Step(pause: nextPause(failure), isTrouble: true) }
        return Step(pause: settings.optionalRetry, announcesSynced: true, isTrouble: true)
    }

    /// Lists cost a server more than watches, so that they are not to come one after the other.
    private mutating func newList(_ end: End, at now: Duration) -> Step {
        beginList(at: now)
        return pause(after: end, unlessLasted: settings.backoff.maximum)
    }

    private mutating func beginList(at now: Duration) {
        if let refused = streamingRefusedAt, now - refused >= settings.streamingListRetry { streamingRefusedAt = nil }
        let version = isVersionLost ? "" : resourceVersion
        let isFirst = resourceVersion.isEmpty && !isVersionLost
        guard streamingRefusedAt != nil || isFirst && settings.beginsWithCachedList else {
            request = .streamingList(resourceVersion: version)
            return
        }
        if version.isEmpty {
            // A watch cache knows no limit at version 0, and sends all in one answer; where there is none pages come.
            request = .list(.init(resourceVersion: isFirst ? "0" : "", limit: settings.pageSize))
        } else {
            // With a limit this would not come from the watch cache, but from etcd: too much, when all nodes ask at once.
            request = .list(.init(resourceVersion: version, limit: isPaging ? settings.pageSize : nil))
        }
    }

    // MARK: Pauses

    /// None after an answer of some length, so that a change is not waited for.
    private mutating func pause(after end: End, unlessLasted length: Duration? = nil) -> Step {
        let isShort = end.lasted < length ?? settings.shortAnswer
        guard !end.wasOpened || isShort || end.failure?.retryAfterSeconds != nil else { return Step() }
        return Step(pause: nextPause(end.failure), isTrouble: end.failure?.kind != .expired)
    }

    private mutating func nextPause(_ failure: ReflectorFailure?) -> Duration {
        if isRestarting {
            var first = settings.backoff
            return first.next(using: &generator)
        }
        let pause = backoff.next(using: &generator)
        guard let seconds = failure?.retryAfterSeconds else { return pause }
        return max(pause, .seconds(min(seconds, settings.retryAfterLimitSeconds)))
    }
}
