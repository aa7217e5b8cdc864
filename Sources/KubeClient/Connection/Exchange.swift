import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// One request on its way and its answer: hands the bytes of the body from the connection's thread straight to whoever
/// reads them, holds the connection back where they are not taken, and sees to the time-outs.
final class Exchange: HTTPClientResponseDelegate, NIOAsyncSequenceProducerDelegate {
    typealias Response = Void
    private typealias Body = NIOThrowingAsyncSequenceProducer<
        ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, Exchange
    >

    private enum Phase {
        case new
        case awaitsHead(CheckedContinuation<KubeResponse, any Error>)
        case body(Body.Source)
        case ended
    }

    private struct State {
        var phase = Phase.new
        var task: HTTPClient.Task<Void>?
        var timer: Scheduled<Void>?
        /// Completed when more bytes are wanted; nil while they are.
        var resumption: EventLoopPromise<Void>?
        /// When bytes came last, or were wanted again.
        var lastActivity = NIODeadline.now()
    }

    private let server: KubeServer
    private let headTimeout: TimeAmount
    private let idleTimeout: TimeAmount
    private let eventLoop: any EventLoop
    private let state = Mutex(State())

    init(_ request: KubeRequest, server: KubeServer, eventLoop: any EventLoop) {
        self.server = server
        headTimeout = TimeAmount(request.headTimeout)
        idleTimeout = TimeAmount(request.idleTimeout)
        self.eventLoop = eventLoop
    }

    /// Sends the request and waits for the answer's head.
    ///
    /// - Throws: `KubeError.unreachable`; `CancellationError`.
    func response(to request: HTTPClient.Request, from generation: ClientGeneration) async throws -> KubeResponse {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    guard case .new = state.phase else { return true }
                    state.phase = .awaitsHead(continuation)
                    return false
                }
                if isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    start(request, from: generation)
                }
            }
        } onCancel: {
            end(throwing: CancellationError())
        }
    }

    private func start(_ request: HTTPClient.Request, from generation: ClientGeneration) {
        // The client has this event loop alone. To demand it for the channel would have each connection closed after its answer.
        let task = generation.client.execute(
            request: request, delegate: self, eventLoop: .delegate(on: eventLoop), logger: nil)
        task.futureResult.whenComplete { result in
            withExtendedLifetime(generation) {
                if case .failure(let error) = result { self.end(throwing: self.described(error)) }
            }
        }
        let timer = eventLoop.scheduleTask(in: headTimeout) {
            self.end(throwing: self.unreachable("no answer within \(Self.text(self.headTimeout))"))
        }
        let isOver = state.withLock { state in
            guard case .awaitsHead = state.phase else {
                // Answered already, or cancelled.
                if case .body = state.phase { state.task = task }
                return true
            }
            state.task = task
            state.timer = timer
            return false
        }
        guard isOver else { return }
        timer.cancel()
        if state.withLock({ $0.task == nil }) { task.cancel() }
    }

    // MARK: What the connection tells

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        let body = Body.makeSequence(
            backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8), finishOnDeinit: false, delegate: self)
        let old = state.withLock { state in
            let old = state
            if case .awaitsHead = old.phase {
                state = State(phase: .body(body.source), task: old.task)
            }
            return old
        }
        guard case .awaitsHead(let continuation) = old.phase else {
            body.source.finish()
            return eventLoop.makeSucceededVoidFuture()
        }
        old.timer?.cancel()
        watchIdle(for: idleTimeout)
        let retryAfter = head.headers.first(name: "Retry-After").flatMap { Int($0) }
        continuation.resume(
            returning: KubeResponse(
                status: Int(head.status.code), retryAfterSeconds: retryAfter, body: .stream(body.sequence)))
        return eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        // It has to be there before the reader can ask for more, which it may do at once.
        let promise = eventLoop.makePromise(of: Void.self)
        let phase = state.withLock { state in
            state.lastActivity = .now()
            state.resumption = promise
            return state.phase
        }
        if case .body(let source) = phase, source.yield(buffer) == .stopProducing { return promise.futureResult }
        produceMore()
        return promise.futureResult
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) {
        end(throwing: nil)
    }

    // MARK: What the reader tells

    func produceMore() {
        let promise = state.withLock { state in
            state.lastActivity = .now()
            defer { state.resumption = nil }
            return state.resumption
        }
        promise?.succeed()
    }

    func didTerminate() { end(throwing: CancellationError()) }

    // MARK: The end

    /// Ends it in whatever phase it is; only the first end counts.
    private func end(throwing error: (any Error)?) {
        let old = state.withLock { state in
            let old = state
            state = State(phase: .ended)
            return old
        }
        old.timer?.cancel()
        switch old.phase {
        case .new, .ended: break
        case .awaitsHead(let continuation):
            continuation.resume(throwing: error ?? unreachable("the connection was closed"))
        case .body(let source):
            if let error { source.finish(error) } else { source.finish() }
        }
        old.resumption?.succeed()
        if let error, let task = old.task { task.fail(reason: error) }
    }

    private func watchIdle(for time: TimeAmount) {
        let timer = eventLoop.scheduleTask(in: time) { self.checkIdle() }
        let isOver = state.withLock { state in
            guard case .body = state.phase else { return true }
            state.timer = timer
            return false
        }
        if isOver { timer.cancel() }
    }

    /// Silence counts only while bytes are wanted.
    private func checkIdle() {
        let rest = state.withLock { state in
            state.resumption == nil ? state.lastActivity + idleTimeout - .now() : idleTimeout
        }
        if rest > .zero {
            watchIdle(for: rest)
        } else {
            end(throwing: unreachable("nothing came for \(Self.text(idleTimeout)) in the middle of an answer"))
        }
    }

    private func described(_ error: any Error) -> any Error {
        error is CancellationError || error is KubeError ? error : unreachable(ConnectionFailure.cause(of: error))
    }

    private func unreachable(_ cause: String) -> KubeError { .unreachable(server: "\(server)", cause: cause) }

    private static func text(_ time: TimeAmount) -> String {
        time.nanoseconds % 1_000_000_000 == 0
            ? "\(time.nanoseconds / 1_000_000_000) s" : "\(time.nanoseconds / 1_000_000) ms"
    }
}
