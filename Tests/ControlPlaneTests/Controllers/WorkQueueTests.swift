import KubeAPI
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct WorkQueueTests {
    private let queue = WorkQueue<String>(backoff: Backoff(first: .seconds(1), longest: .seconds(5), patience: 2))

    @Test func aKeyIsHandedOutOnce() async {
        for key in ["a", "b", "a", "b", "a"] { queue.add(key) }
        #expect(await queue.next() == "a")
        #expect(await queue.next() == "b")
        // Added while it is worked on: again afterwards, not now.
        queue.add("a")
        queue.add("c")
        #expect(await queue.next() == "c")
        queue.succeed("a")
        #expect(await queue.next() == "a")
        queue.close()
        #expect(await queue.next() == nil)
    }

    @Test func waitingReaderIsWoken() async {
        async let key = queue.next()
        queue.add("a")
        #expect(await key == "a")
    }

    @Test func cancellationEndsTheReader() async {
        let reader = Task { await queue.next() }
        reader.cancel()
        #expect(await reader.value == nil)
    }

    @Test func delaysDoubleUpToTheLongest() async {
        var delays: [Duration] = []
        for _ in 0..<5 {
            queue.add("a")
            _ = await queue.next()
            delays.append(queue.fail("a"))
        }
        #expect(delays == [.seconds(1), .seconds(2), .seconds(4), .seconds(5), .seconds(5)])
        queue.add("a")
        _ = await queue.next()
        queue.succeed("a")
        queue.add("a")
        _ = await queue.next()
        #expect(queue.fail("a") == .seconds(1))
    }

    @Test func settledWaitsForFirstTriesOnly() async throws {
        try await queue.settled()
        queue.add("a")
        _ = await queue.next()
        _ = queue.fail("a")
        #expect(!queue.isIdle)
        queue.add("a")
        _ = await queue.next()
        #expect(!queue.isIdle)
        _ = queue.fail("a")
        try await queue.settled()
    }

    @Test func settledIsCancelled() async {
        queue.add("a")
        let waiter = Task { try await queue.settled() }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
    }

    @Test func laterKeysComeWhenTheirTimeHasCome() async {
        let clock = TestClock()
        let queue = WorkQueue<String>(clock: clock)
        queue.add("a", after: .seconds(10))
        queue.add("a", after: .seconds(30))
        queue.add("b", after: .seconds(20))
        clock.advance(by: .seconds(15))
        #expect(await queue.next() == "a")
        queue.succeed("a")
        clock.advance(by: .seconds(10))
        #expect(await queue.next() == "b")
        queue.succeed("b")
        clock.advance(by: .seconds(30))
        #expect(queue.isIdle)
    }

    @Test func queuesThatShareAnActivityRestTogether() async throws {
        let activity = Activity()
        let (first, second) = (WorkQueue<String>(activity: activity), WorkQueue<String>(activity: activity))
        first.add("a")
        _ = await first.next()
        second.add("b")
        first.succeed("a")
        #expect(first.isIdle && !activity.isAtRest)
        _ = await second.next()
        second.succeed("b")
        try await activity.settled()
    }

    @Test func runnerTriesAgainUntilItWorks() async throws {
        let tries = Mutex<[String]>([])
        let log = ErrorLog()
        let runner = ControllerRunner<String>(name: "test", logger: log.logger, queue: WorkQueue(clock: TestClock())) {
            (key) throws(Status) in
            let count = tries.withLock { tries in
                tries.append(key)
                return tries.filter { $0 == key }.count
            }
            if key == "b", count < 3 {
                throw Status(code: 500, reason: "InternalError", message: "\(key): try \(count)")
            }
        }
        try await withThrowingTaskGroup { group in
            group.addTask { try await runner.run() }
            for key in ["a", "b", "c"] { runner.queue.add(key) }
            try await runner.settled()
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(tries.withLock { $0 }.sorted() == ["a", "b", "b", "b", "c"])
        #expect(log.messages == ["b: try 1", "b: try 2"])
    }
}
