import FoundationEssentials
import KubeAPI
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Posts events to the API server, one after the other. Events are news for people: none is worth to wait for, so that
/// what does not get through is dropped and counted.
package final class EventPoster: ServiceLifecycle.Service {
    private struct Queue {
        var events: [KubeEvent] = []
        var status = EventPosterStatus()
    }

    private enum Outcome {
        case posted
        /// There is nothing of that name to change.
        case missing
        case again(text: String, retryAfterSeconds: Int?)
        case refused(String)
    }

    private let configuration: EventPosterConfiguration
    private let transport: any KubeTransport
    private let queue = Mutex(Queue())
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    package init(_ configuration: EventPosterConfiguration, transport: any KubeTransport) {
        self.configuration = configuration
        self.transport = transport
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package var status: EventPosterStatus { queue.withLock(\.status) }

    /// Takes an event, from any thread; never waits.
    package func post(_ event: KubeEvent) {
        queue.withLock { queue in
            if queue.events.count < configuration.queueLimit {
                queue.events.append(event)
            } else {
                queue.status.dropped += 1
            }
        }
        wake.yield()
    }

    /// Posts what comes until the task is cancelled or the process shuts down. To be called once.
    package func run() async {
        await cancelWhenGracefulShutdown { await self.postAll() }
    }

    private func postAll() async {
        var series = EventSeries()
        var outage = Outage()
        for await _ in wakes {
            while let event = queue.withLock({ $0.events.isEmpty ? nil : $0.events.removeFirst() }) {
                let step = series.take(
                    event, at: configuration.clock.now(), time: configuration.wallTime(), configuration)
                if case .count = step {
                    queue.withLock { $0.status.repeated += 1 }
                    continue
                }
                let isPosted = await post(step, &outage)
                if Task.isCancelled { return }
                queue.withLock { queue in
                    switch (isPosted, step) {
                    case (false, _): queue.status.dropped += 1
                    case (true, .update): queue.status.repeated += 1
                    case (true, _): queue.status.posted += 1
                    }
                }
            }
        }
    }

    private func post(_ step: EventSeries.Step, _ outage: inout Outage) async -> Bool {
        var backoff = configuration.backoff
        var generator = configuration.randomness
        for attempt in 1...max(1, configuration.attempts) {
            var outcome = await send(step)
            if case .missing = outcome, case .update(let document) = step {
                // It has expired, as events do after an hour.
                outcome = await send(.create(document))
            }
            let problem: String
            var pause = Duration.zero
            switch outcome {
            case .posted:
                _ = outage.ended(at: configuration.clock.now())
                return true
            case .missing: problem = "404"
            case .refused(let text): problem = text
            case .again(let text, let seconds):
                problem = text
                pause = max(backoff.next(using: &generator), .seconds(min(seconds ?? 0, 300)))
            }
            if Task.isCancelled { return false }
            if outage.failed(problem, at: configuration.clock.now()) {
                configuration.logger.warning("an event could not be posted: \(problem)")
            }
            guard pause > .zero, attempt < configuration.attempts else { return false }
            guard (try? await configuration.clock.sleep(pause)) != nil else { return false }
        }
        return false
    }

    private func send(_ step: EventSeries.Step) async -> Outcome {
        do {
            guard let request = try Self.request(step) else { return .posted }
            let response = try await transport.send(request)
            let outcome = Self.outcome(response.status, response.retryAfterSeconds)
            var bytes = 0
            // Read, so that the connection can be used again.
            for try await piece in response.body {
                bytes += piece.readableBytes
                if bytes > 1 << 16 { break }
            }
            return outcome
        } catch KubeError.refused(let status, let retryAfterSeconds) {
            return Self.outcome(status.code, retryAfterSeconds)
        } catch {
            return .again(text: "\(error)", retryAfterSeconds: nil)
        }
    }

    private static func outcome(_ status: Int, _ retryAfterSeconds: Int?) -> Outcome {
        switch status {
        // 409: an earlier attempt came through after all.
        case 200..<300, 409: .posted
        case 404: .missing
        case 429, 500...: .again(text: "HTTP \(status)", retryAfterSeconds: retryAfterSeconds)
        default: .refused("HTTP \(status)")
        }
    }

    private static func request(_ step: EventSeries.Step) throws -> KubeRequest? {
        switch step {
        case .count: return nil
        case .create(let document):
            var request = KubeRequest(EventDocument.resource.collectionPath(namespace: document.metadata.namespace))
            request.method = "POST"
            request.headers = [("Content-Type", "application/json"), ("Accept", "application/json")]
            request.body = Array(try JSON.encode(document))
            return request
        case .update(let document):
            guard let series = document.series else { return nil }
            let path = EventDocument.resource.collectionPath(namespace: document.metadata.namespace)
            var request = KubeRequest("\(path)/\(document.metadata.name)")
            request.method = "PATCH"
            request.headers = [("Content-Type", "application/merge-patch+json"), ("Accept", "application/json")]
            request.body = Array(try JSON.encode(EventDocument.SeriesPatch(series: series)))
            return request
        }
    }
}
