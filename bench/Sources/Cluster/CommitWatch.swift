import BenchReport
import Netlink
import Synchronization
import TestSupport

/// Hears the kernel's news of commits, in the network namespace of the thread that makes it, on a thread of its own.
final class CommitWatch: Sendable {
    private struct State {
        var count = 0
        var last: ContinuousClock.Instant?
        var isStopping = false
    }

    private let state = Mutex(State())

    init() throws {
        let isListening = try EventFD()
        _ = try NamedThread(name: "commit-watch") { [self] in
            try? listen { isListening.signal() }
            // Whoever waits finds out by the time-out.
            isListening.signal()
        }
        var poller = try Poller()
        try poller.add(isListening, token: 0)
        _ = try poller.wait(timeoutMilliseconds: 5_000)
    }

    private func listen(_ isListening: () -> Void) throws {
        let own = try NFTSocket()
        var monitor = try NFTMonitor(tableName: "fairlead", except: own, receiveBufferByteCount: 8 << 20)
        var poller = try Poller()
        try poller.add(monitor, token: 0)
        isListening()
        while !state.withLock(\.isStopping) {
            _ = try poller.wait(timeoutMilliseconds: 100)
            let now = ContinuousClock.now
            var commits = 0
            while try monitor.drain({ if case .transaction = $0 { commits += 1 } }) {}
            guard commits > 0 else { continue }
            state.withLock { state in
                state.count += commits
                state.last = now
            }
        }
    }

    var count: Int { state.withLock(\.count) }

    /// When the first commit after so many was heard of, or of a later one that came with it.
    ///
    /// - Throws: `BenchmarkError` when none comes in ten seconds.
    func commit(after count: Int) async throws -> ContinuousClock.Instant {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            let (current, last) = state.withLock { ($0.count, $0.last) }
            if current > count, let last { return last }
            try await Task.sleep(for: .microseconds(200))
        }
        throw BenchmarkError(description: "no commit within ten seconds of a change")
    }

    func stop() { state.withLock { $0.isStopping = true } }
}
