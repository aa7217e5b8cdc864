import BenchReport
import NIOCore
import Netlink
import Synchronization

/// Clients that each send one request after the other, as long as there are requests and time.
final class ClosedLoop: Sendable {
    struct Request: Sendable {
        let method: String
        let path: String
        let body: [UInt8]?
    }

    struct Result: Sendable {
        let latencies: Histogram
        let seconds: Double

        var perSecond: Double { Double(latencies.count) / seconds }
    }

    private struct State {
        var latencies = Histogram()
        var running = 0
        var failure: (any Error)?
    }

    private let connections: [APIConnection]
    private let request: @Sendable (Int) -> Request?
    private let deadlineNanoseconds: UInt64
    private let next = Atomic(0)
    private let state = Mutex(State())

    /// - Parameter request: by number from 0; nil where there are no more.
    init(
        _ connections: [APIConnection], deadline: Duration, request: @escaping @Sendable (Int) -> Request?
    ) {
        self.connections = connections
        self.request = request
        deadlineNanoseconds = MonotonicClock.nanoseconds + UInt64(deadline / .nanoseconds(1))
    }

    /// - Throws: the first failure, also an answer that is none of success.
    func run() async throws -> Result {
        let start = MonotonicClock.nanoseconds
        let loop = connections[0].channel.eventLoop
        let end = loop.makePromise(of: Void.self)
        state.withLock { $0.running = connections.count }
        for connection in connections {
            connection.channel.eventLoop.execute { self.proceed(connection, end) }
        }
        try await end.futureResult.get()
        let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
        return Result(latencies: state.withLock(\.latencies), seconds: seconds)
    }

    private func proceed(_ connection: APIConnection, _ end: EventLoopPromise<Void>) {
        let begin = MonotonicClock.nanoseconds
        let number = next.add(1, ordering: .relaxed).oldValue
        guard begin < deadlineNanoseconds, state.withLock({ $0.failure == nil }), let request = request(number) else {
            return finish(end)
        }
        connection.send(request.method, request.path, body: request.body).whenComplete { answer in
            do {
                let answer = try answer.get()
                try answer.check("\(request.method) \(request.path)")
                self.state.withLock { $0.latencies.record(answer.nanoseconds - begin) }
                self.proceed(connection, end)
            } catch {
                self.state.withLock { $0.failure = $0.failure ?? error }
                self.finish(end)
            }
        }
    }

    private func finish(_ end: EventLoopPromise<Void>) {
        let (isLast, failure) = state.withLock { state in
            state.running -= 1
            return (state.running == 0, state.failure)
        }
        guard isLast else { return }
        if let failure { end.fail(failure) } else { end.succeed() }
    }
}
