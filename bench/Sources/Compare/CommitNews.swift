import BenchReport
import Netlink
import Synchronization
import TestSupport

/// Hears the kernel's news of nf_tables commits, in the network namespace of the thread that makes it, on a thread of its own.
final class CommitNews: Sendable {
    struct Counts: Sendable {
        /// Transactions, of any table.
        var commits = 0
        /// Objects of the followed tables that were added, changed or deleted: rules, set elements, chains, sets.
        var objects = 0
        var hasOverflown = false
    }

    private struct State {
        var counts = Counts()
        /// When each commit was heard of.
        var times: [UInt64] = []
        var isStopping = false
        var failure: String?
    }

    private let state = Mutex(State())

    /// - Parameter table: the name of those whose objects are counted.
    init(table: String) throws {
        let isListening = try EventFD()
        _ = try NamedThread(name: "commit-news") { [self] in
            do {
                try listen(table) { isListening.signal() }
            } catch {
                state.withLock { $0.failure = "\(error)" }
                isListening.signal()
            }
        }
        var poller = try Poller()
        try poller.add(isListening, token: 0)
        _ = try poller.wait(timeoutMilliseconds: 5_000)
        if let failure = state.withLock(\.failure) {
            throw BenchmarkError(description: "news of nf_tables: \(failure)")
        }
    }

    private func listen(_ table: String, _ isListening: () -> Void) throws {
        let own = try NFTSocket()
        var monitor = try NFTMonitor(tableName: table, except: own, receiveBufferByteCount: 64 << 20)
        var poller = try Poller()
        try poller.add(monitor, token: 0)
        isListening()
        while !state.withLock(\.isStopping) {
            _ = try poller.wait(timeoutMilliseconds: 100)
            var news = Counts()
            var times: [UInt64] = []
            while try monitor.drain({
                switch $0 {
                case .transaction: times.append(MonotonicClock.nanoseconds)
                case .change: news.objects += 1
                case .overflow: news.hasOverflown = true
                }
            }) {}
            let (seen, seenTimes) = (news, times)
            state.withLock { state in
                state.times += seenTimes
                state.counts.commits += seenTimes.count
                state.counts.objects += seen.objects
                state.counts.hasOverflown = state.counts.hasOverflown || seen.hasOverflown
            }
        }
    }

    var counts: Counts { state.withLock(\.counts) }

    /// When the first commit after so many was heard of.
    ///
    /// - Throws: `BenchmarkError` when none comes within the time.
    func commit(after count: Int, seconds: Double) async throws -> UInt64 {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if let time = state.withLock({ $0.times.dropFirst(count).first }) { return time }
            try await Task.sleep(for: .microseconds(200))
        }
        throw BenchmarkError(description: "no commit within \(seconds.tableText) s of a change")
    }

    /// Waits until none has come for so long.
    func quiet(milliseconds: Int) async throws {
        var last = counts.commits
        var since = ContinuousClock.now
        let deadline = since + .seconds(60)
        while ContinuousClock.now - since < .milliseconds(milliseconds) {
            guard ContinuousClock.now < deadline else { throw BenchmarkError(description: "commits without end") }
            try await Task.sleep(for: .milliseconds(milliseconds / 10))
            if counts.commits != last { (last, since) = (counts.commits, .now) }
        }
    }

    func stop() { state.withLock { $0.isStopping = true } }
}
