import KubeAPI
import TestSupport
import Testing

@testable import KubeClient

@Suite("What a reflector does next")
struct ReflectorPlanTests {
    private static func configuration(_ change: (inout ReflectorConfiguration) -> Void = { _ in })
        -> ReflectorConfiguration
    {
        var configuration = ReflectorConfiguration(logger: LogLines().makeLogger())
        configuration.backoff.jitter = 0
        configuration.randomness = SeededGenerator(seed: 1)
        change(&configuration)
        return configuration
    }

    private static func plan(_ change: (inout ReflectorConfiguration) -> Void = { _ in }) -> ReflectorPlan {
        ReflectorPlan(configuration(change))
    }

    /// A plan whose list has come, at version 10.
    private static func watching(_ change: (inout ReflectorConfiguration) -> Void = { _ in }) -> ReflectorPlan {
        var plan = plan(change)
        #expect(plan.bookmark("10", endsInitialList: true) == .endOfList)
        return plan
    }

    private static func end(
        _ kind: ReflectorFailure.Kind? = nil, after lasted: Duration = .seconds(60), opened: Bool = true,
        lines: Int = 5, retryAfterSeconds: Int? = nil
    ) -> ReflectorPlan.End {
        ReflectorPlan.End(
            failure: kind.map { ReflectorFailure($0, "why", retryAfterSeconds: retryAfterSeconds) },
            wasOpened: opened, lasted: lasted, lines: lines)
    }

    private static func metadata(_ version: String, _ token: String = "") -> ListMetadata {
        var metadata = ListMetadata()
        metadata.resourceVersion = version
        metadata.continueToken = token
        return metadata
    }

    private static func all(_ version: String) -> ReflectorRequest {
        .list(.init(resourceVersion: version, limit: nil))
    }

    @Test("at the start: the watch cache's list, where that is wanted; lists that follow come in a watch")
    func cachedListFirst() throws {
        var plan = Self.plan { $0.beginsWithCachedList = true }
        #expect(plan.request == .list(.init(resourceVersion: "0", limit: 500)))
        // A server that fails is asked for it again.
        _ = plan.ended(Self.end(.other, opened: false), at: .zero)
        #expect(plan.request == .list(.init(resourceVersion: "0", limit: 500)))
        #expect(try plan.pageRead(Self.metadata("10")))
        #expect(plan.request == .watch(resourceVersion: "10"))
        _ = plan.ended(Self.end(.expired), at: .zero)
        #expect(plan.request == .streamingList(resourceVersion: "10"))
    }

    @Test("after a watch that ended, however it did: the watch goes on from the last version, at once")
    func resumption() {
        for kind in [nil, .broken, .overloaded, .unavailable] as [ReflectorFailure.Kind?] {
            var plan = Self.watching()
            plan.changed(to: "17")
            #expect(plan.bookmark("25", endsInitialList: false) == .progress)
            #expect(plan.ended(Self.end(kind), at: .zero) == .init())
            #expect(plan.request == .watch(resourceVersion: "25"))
        }
    }

    @Test("after a watch that ended as soon as it began, or was refused: a pause that grows")
    func shortWatch() {
        var plan = Self.watching()
        #expect(plan.ended(Self.end(after: .milliseconds(10)), at: .zero).pause == .milliseconds(800))
        #expect(plan.ended(Self.end(.unavailable, after: .zero, opened: false), at: .zero).pause == .milliseconds(1600))
        let long = Self.end(.overloaded, after: .seconds(30), opened: false)
        #expect(plan.ended(long, at: .zero).pause == .milliseconds(3200))
        #expect(plan.request == .watch(resourceVersion: "10"))
    }

    @Test(
        "without a connection to a server that was there: for a minute the same short pause, as it restarts; then growing ones"
    )
    func restart() {
        var plan = Self.watching()
        let refused = Self.end(.broken, after: .zero, opened: false)
        for second in 0..<60 {
            #expect(plan.ended(refused, at: .seconds(100 + second)).pause == .milliseconds(800))
        }
        for pause in [800, 1600, 3200, 6400] {
            #expect(plan.ended(refused, at: .seconds(160)).pause == .milliseconds(pause))
        }
        #expect(plan.request == .watch(resourceVersion: "10"))
        // Back, and away once more: another minute.
        _ = plan.ended(Self.end(.broken, after: .seconds(5)), at: .seconds(170))
        #expect(plan.ended(refused, at: .seconds(171)).pause == .milliseconds(800))
    }

    @Test("without a connection to a server that never answered: a pause that grows")
    func neverThere() {
        var plan = Self.plan { $0.beginsWithCachedList = true }
        let refused = Self.end(.broken, after: .zero, opened: false)
        for pause in [800, 1600, 3200] {
            #expect(plan.ended(refused, at: .zero).pause == .milliseconds(pause))
        }
    }

    @Test("after an answer of two minutes: pauses begin small again")
    func reset() {
        var plan = Self.watching()
        let short = Self.end(.broken, after: .zero)
        _ = plan.ended(short, at: .zero)
        #expect(plan.ended(short, at: .zero).pause == .milliseconds(1600))
        _ = plan.ended(Self.end(after: .seconds(119)), at: .zero)
        #expect(plan.ended(short, at: .zero).pause == .milliseconds(3200))
        _ = plan.ended(Self.end(after: .seconds(120)), at: .zero)
        #expect(plan.ended(short, at: .zero).pause == .milliseconds(800))
    }

    @Test("Retry-After is waited for, within reason")
    func retryAfter() {
        for kind in [ReflectorFailure.Kind.overloaded, .unavailable] {
            for (said, waited) in [(7, 7), (86_400, 300)] {
                var plan = Self.watching()
                let step = plan.ended(Self.end(kind, after: .zero, opened: false, retryAfterSeconds: said), at: .zero)
                #expect(step.pause == .seconds(waited))
                #expect(plan.request == .watch(resourceVersion: "10"))
            }
        }
        var plan = Self.plan()
        let step = plan.ended(Self.end(.overloaded, after: .zero, opened: false, retryAfterSeconds: 2), at: .zero)
        #expect(step.pause == .seconds(2))
        #expect(plan.request == .streamingList(resourceVersion: ""))
    }

    @Test("after an expired version: a list that is no older; when that has expired, too, the newest")
    func expired() {
        var plan = Self.watching()
        #expect(plan.ended(Self.end(.expired), at: .zero) == .init())
        #expect(plan.request == .streamingList(resourceVersion: "10"))
        #expect(plan.ended(Self.end(.expired, after: .zero, opened: false), at: .zero) == .init())
        #expect(plan.request == .streamingList(resourceVersion: ""))
        #expect(plan.ended(Self.end(.expired, after: .zero, opened: false), at: .zero).pause == .milliseconds(800))
    }

    @Test("after a watch that was short for its list: a pause, so that lists do not come one after the other")
    func listsInARow() {
        var plan = Self.watching()
        #expect(plan.ended(Self.end(.expired, after: .seconds(29)), at: .zero) == .init(pause: .milliseconds(800)))
        #expect(plan.request == .streamingList(resourceVersion: "10"))
    }

    @Test("with lists in a watch that break off: two of them and no more; with a server that is away: eight")
    func unfinishedStreams() {
        for (kind, count) in [(nil, 2), (.broken, 2), (.malformed, 2), (.unavailable, 8)]
            as [(ReflectorFailure.Kind?, Int)]
        {
            var plan = Self.plan()
            for attempt in 1...count {
                #expect(plan.request == .streamingList(resourceVersion: ""))
                let pause = plan.ended(Self.end(kind, after: .zero), at: .zero).pause
                #expect((pause == .zero) == (attempt == count))
            }
            #expect(plan.request == .list(.init(resourceVersion: "0", limit: 500)))
        }
        var plan = Self.plan()
        for _ in 1...20 { _ = plan.ended(Self.end(.broken, after: .zero, opened: false), at: .zero) }
        #expect(plan.request == .streamingList(resourceVersion: ""))
    }

    @Test("after a version that the server does not have yet: the newest list that it has")
    func tooNew() {
        var plan = Self.watching()
        _ = plan.ended(Self.end(.tooNew), at: .zero)
        #expect(plan.request == .streamingList(resourceVersion: ""))
        #expect(plan.bookmark("3", endsInitialList: true) == .endOfList)
        #expect(plan.request == .watch(resourceVersion: "3"))
        #expect(plan.resourceVersion == "3")
    }

    @Test("after a bookmark of before the watch's version: the newest list that there is")
    func wentBack() throws {
        var plan = Self.watching()
        guard case .failure(let failure) = plan.bookmark("9", endsInitialList: false) else {
            Issue.record("not noticed")
            return
        }
        var end = Self.end(lines: 1)
        end.failure = failure
        _ = plan.ended(end, at: .zero)
        #expect(plan.request == .streamingList(resourceVersion: ""))
    }

    @Test("after two watches that brought nothing at all: a list, as the server may be older than it was")
    func silence() {
        var plan = Self.watching()
        let silent = Self.end(.broken, after: .seconds(150), lines: 0)
        _ = plan.ended(silent, at: .zero)
        #expect(plan.request == .watch(resourceVersion: "10"))
        _ = plan.ended(Self.end(after: .seconds(200), lines: 1), at: .zero)
        _ = plan.ended(silent, at: .zero)
        #expect(plan.request == .watch(resourceVersion: "10"))
        _ = plan.ended(silent, at: .zero)
        #expect(plan.request == .streamingList(resourceVersion: "10"))
    }

    @Test("after an ERROR line that resuming cannot cure, and after garbage: a pause, then a list")
    func watchErrors() {
        for kind in [ReflectorFailure.Kind.other, .malformed, .rejected, .forbidden, .missing] {
            var plan = Self.watching()
            #expect(plan.ended(Self.end(kind), at: .zero) == .init(pause: .milliseconds(800), isTrouble: true))
            #expect(plan.request == .streamingList(resourceVersion: "10"))
        }
    }

    @Test("with a server that has no lists in a watch: pages, and the question again after an hour")
    func refused() throws {
        var plan = Self.plan()
        #expect(plan.ended(Self.end(.rejected, after: .zero, opened: false), at: .seconds(5)) == .init())
        #expect(plan.request == .list(.init(resourceVersion: "0", limit: 500)))
        #expect(try plan.pageRead(Self.metadata("8", "token")) == false)
        #expect(
            plan.request
                == .list(.init(resourceVersion: "0", limit: 500, continueToken: "token", listVersion: "8")))
        #expect(try plan.pageRead(Self.metadata("9")) == true)
        #expect(plan.request == .watch(resourceVersion: "8"))
        // A server that makes pages of any version has no watch cache.
        _ = plan.ended(Self.end(.expired), at: .seconds(3600))
        #expect(plan.request == .list(.init(resourceVersion: "8", limit: 500)))
        #expect(try plan.pageRead(Self.metadata("20")) == true)
        _ = plan.ended(Self.end(.expired), at: .seconds(3605))
        #expect(plan.request == .streamingList(resourceVersion: "20"))
    }

    @Test("without the objects of a list in a watch: no version that is known")
    func versionsOfList() {
        var plan = Self.plan()
        plan.changed(to: "900")
        #expect(plan.resourceVersion == "")
        _ = plan.ended(Self.end(.broken, after: .seconds(3)), at: .zero)
        #expect(plan.request == .streamingList(resourceVersion: ""))
    }

    @Test("with a list that fails: the same page, all in one when its token has expired, or a new one")
    func pages() throws {
        var plan = Self.plan()
        _ = plan.ended(Self.end(.endless), at: .zero)
        _ = try plan.pageRead(Self.metadata("8", "token"))
        let page = plan.request
        for kind in [ReflectorFailure.Kind.broken, .unavailable, .overloaded] {
            #expect(plan.ended(Self.end(kind), at: .zero).pause > .zero)
            #expect(plan.request == page)
        }
        #expect(plan.ended(Self.end(.expired), at: .zero) == .init())
        #expect(plan.request == Self.all("0"))
        #expect(plan.ended(Self.end(.malformed), at: .zero).pause > .zero)
        #expect(plan.request == .list(.init(resourceVersion: "0", limit: 500)))
        #expect(plan.ended(Self.end(.expired), at: .zero) == .init())
        #expect(plan.request == .list(.init(resourceVersion: "", limit: 500)))
        #expect(plan.ended(Self.end(.tooNew), at: .zero).pause > .zero)
    }

    @Test("with a list that has no version: no watch of it")
    func noVersion() {
        var plan = Self.plan()
        _ = plan.ended(Self.end(.endless), at: .zero)
        #expect(throws: ReflectorFailure.self) { try plan.pageRead(Self.metadata("")) }
    }

    @Test("with a kind that is not there: for an optional one a word that it is done without, and a long pause")
    func absent() {
        for kind in [ReflectorFailure.Kind.missing, .forbidden] {
            var plan = Self.plan { $0.isOptional = true }
            var step = plan.ended(Self.end(kind, opened: false), at: .zero)
            if kind == .missing { step = plan.ended(Self.end(kind, opened: false), at: .zero) }
            #expect(step == .init(pause: .seconds(600), announcesSynced: true, isTrouble: true))
            var strict = Self.plan()
            _ = strict.ended(Self.end(.rejected, opened: false), at: .zero)
            #expect(
                strict.ended(Self.end(kind, opened: false), at: .zero)
                    == .init(pause: .milliseconds(800), isTrouble: true))
        }
    }

    @Test("The time that watches are asked to last is 5 to 10 minutes")
    func timeouts() {
        var plan = Self.plan()
        let seconds = (1...1000).map { _ in plan.watchTimeoutSeconds() }
        #expect(seconds.allSatisfy { (300...600).contains($0) })
        #expect((seconds.min() ?? 0) < 310 && (seconds.max() ?? 0) > 590)
    }

    @Test("What a status means")
    func statuses() {
        func kind(_ code: Int, _ reason: String = "") -> ReflectorFailure.Kind {
            ReflectorFailure(Status(code: code, reason: reason, message: ""), code: code, retryAfterSeconds: nil).kind
        }
        #expect(kind(410) == .expired && kind(410, "Gone") == .expired && kind(410, "Expired") == .expired)
        #expect(kind(429) == .overloaded && kind(500) == .unavailable && kind(503) == .unavailable)
        #expect(kind(504) == .unavailable && kind(400) == .rejected && kind(422) == .rejected)
        #expect(kind(404) == .missing && kind(403) == .forbidden && kind(401) == .other)
        var tooNew = Status(code: 504, reason: "Timeout", message: "")
        tooNew.details = .init(causes: [.init(field: "", message: "", reason: "ResourceVersionTooLarge")])
        #expect(ReflectorFailure(tooNew, code: 504, retryAfterSeconds: nil).kind == .tooNew)
        #expect(ReflectorFailure(watchError: tooNew).kind == .tooNew)
        #expect(ReflectorFailure(watchError: Status(code: 0, reason: "Expired", message: "")).kind == .expired)
        #expect(ReflectorFailure(watchError: Status(code: 500, reason: "InternalError", message: "")).kind == .other)
    }
}
