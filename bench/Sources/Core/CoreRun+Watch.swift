import BenchReport
import KubeAPI
import NIOCore
import Netlink
import Synchronization

extension CoreRun {
    /// One write after the other to many watchers.
    func watch() async throws -> [Measurement] {
        let path = "\(namespace.path)/configmaps"
        let object = CoreObjects.configMap("watched", value: 0)
        let created = try await clients.send("POST", path, object, allowing: 409)
        let version =
            created.status == 409
            ? ""
            : try JSONValue(json: Array(created.body.readableBytesView))[
                "metadata"]?["resourceVersion"]?.string ?? ""
        let fan = FanOut(watchers: plan.watchers)
        // On a thread of their own, so that the writer's answer does not wait for them to be read.
        let readers = try await APIClients(server)
        let measured: Result<[Measurement], any Error>
        do {
            measured = .success(try await watch(path, from: version, by: readers, fan))
        } catch {
            measured = .failure(error)
        }
        await readers.stop()
        return try measured.get()
    }

    private func watch(
        _ path: String, from version: String, by readers: APIClients, _ fan: FanOut
    ) async throws -> [Measurement] {
        let connections = try await readers.open(plan.watchers)
        defer { for connection in connections { connection.close() } }
        for connection in connections {
            let lines = WatchLines { count, nanoseconds in fan.heard(count, nanoseconds) }
            // Ends with the connection.
            connection.send(
                "GET", "\(path)?watch=true&fieldSelector=metadata.name%3Dwatched&resourceVersion=\(version)",
                stream: { lines.take($0) }
            ).whenFailure { _ in }
        }
        try await settle(path, fan)
        var (sinceAnswer, sinceStart) = (Histogram(), Histogram())
        for number in 0..<plan.watchedWrites {
            let expected = fan.begin()
            let start = MonotonicClock.nanoseconds
            let answer = try await clients.send(
                "PUT", "\(path)/watched", CoreObjects.configMap("watched", value: 1000 + number))
            let last = try await fan.end(expected)
            sinceAnswer.record(last > answer.nanoseconds ? last - answer.nanoseconds : 0)
            sinceStart.record(last - start)
            try await Task.sleep(for: .milliseconds(5))
        }
        let who =
            "one write at a time to \(plan.watchers) watchers with a connection each, whose reading is on the same processors"
        return [
            measurement(
                "answer to last of \(plan.watchers) watchers", in: .milliseconds, .latencies([sinceAnswer]),
                includes: "\(who); 0 where the last had the event before the writer had its answer", goal: .atMost(5)),
            measurement(
                "write to last of \(plan.watchers) watchers", in: .milliseconds, .latencies([sinceStart]),
                includes: "from the sending of the write, its time to be durable included, \(who)"),
        ]
    }

    /// Writes until all watchers hear: they start in their time.
    private func settle(_ path: String, _ fan: FanOut) async throws {
        for number in 0..<50 {
            try await clients.send("PUT", "\(path)/watched", CoreObjects.configMap("watched", value: number))
            try await Task.sleep(for: .milliseconds(100))
            if fan.areAllThere { break }
        }
        guard fan.areAllThere else { throw BenchmarkError(description: "not all watchers hear") }
        try await Task.sleep(for: .milliseconds(500))
    }
}

/// What all watchers together have heard.
private final class FanOut: Sendable {
    private struct State {
        var lines = 0
        var started = 0
        var lastNanoseconds: UInt64 = 0
    }

    private let state = Mutex(State())
    private let watchers: Int

    init(watchers: Int) { self.watchers = watchers }

    /// - Parameter count: lines of one watcher.
    func heard(_ count: Int, _ nanoseconds: UInt64) {
        state.withLock { state in
            if count == 1 { state.started += 1 }
            state.lines += 1
            state.lastNanoseconds = max(state.lastNanoseconds, nanoseconds)
        }
    }

    var areAllThere: Bool { state.withLock(\.started) >= watchers }

    /// - Returns: how many lines there will have been after one more for each.
    func begin() -> Int { state.withLock(\.lines) + watchers }

    /// - Returns: when the last came.
    func end(_ expected: Int) async throws -> UInt64 {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            let (lines, last) = state.withLock { ($0.lines, $0.lastNanoseconds) }
            if lines >= expected { return last }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw BenchmarkError(description: "not all watchers heard of a write within ten seconds")
    }
}
