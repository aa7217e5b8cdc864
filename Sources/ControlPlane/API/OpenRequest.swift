import Hummingbird
import KubeAPI
import NIOCore
import Synchronization

/// A request from its arrival until its answer is written, or nobody can write it any more: the body of the answer holds it.
/// Its end gives its place back, ends its deadline, and counts it.
final class OpenRequest: Sendable {
    private let place: InFlightLimit.Kind?
    private let limit: InFlightLimit
    private let metrics: APIMetrics
    private let labels: RequestLabels
    private let arrival = ContinuousClock.now
    private let deadline: Scheduled<Void>?
    private let code = Atomic<Int>(0)

    /// - Parameters:
    ///   - labels: what it counts as.
    ///   - place: what it takes of the limit; nil for what is not bounded.
    ///   - deadline: closes the connection when the time for the request is over; nil for what goes on.
    /// - Throws: 429 TooManyRequests.
    init(
        _ labels: RequestLabels, _ place: InFlightLimit.Kind?, _ limit: InFlightLimit, _ metrics: APIMetrics,
        deadline: @autoclosure () -> Scheduled<Void>?
    ) throws(Status) {
        do throws(Status) {
            if let place { try limit.enter(place) }
        } catch {
            metrics.count(labels, code: error.code, duration: .zero)
            throw error
        }
        self.labels = labels
        self.place = place
        self.limit = limit
        self.metrics = metrics
        self.deadline = deadline()
        metrics.begin(labels)
    }

    deinit {
        deadline?.cancel()
        if let place { limit.leave(place) }
        metrics.end(labels)
        // A client that went before there was an answer: as upstream counts it.
        let code = code.load(ordering: .relaxed)
        metrics.count(labels, code: code == 0 ? 499 : code, duration: .now - arrival)
    }

    /// The answer, which ends the request when it is written.
    func end(with answer: Response) -> Response {
        code.store(answer.status.code, ordering: .relaxed)
        var answer = answer
        let body = answer.body
        answer.body = ResponseBody(contentLength: body.contentLength) { writer in
            defer { withExtendedLifetime(self) {} }
            try await body.write(writer)
        }
        return answer
    }
}
