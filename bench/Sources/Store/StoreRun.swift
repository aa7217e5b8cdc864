import BenchReport
import DurableStorage
import FoundationEssentials
import Netlink
import Storage

/// Stores in a folder of their own.
struct StoreRun {
    private let folder: String
    private let value: [UInt8]
    private let duration: Duration

    init(folder: String, valueBytes: Int, duration: Duration) throws {
        self.folder = "\(folder)/fairlead-bench-\(UInt64.random(in: 0 ... .max))"
        value = (0..<valueBytes).map { _ in UInt8.random(in: 32..<127) }
        self.duration = duration
        try Directory.make(self.folder)
    }

    func removeFiles() { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes and syncs that overwrite a file of 4 MiB, as a write-ahead log does.
    func floor() throws -> StoreResult.Writes {
        guard let file = try Directory.open(folder)?.openFile("floor", creating: true) else {
            throw BenchmarkError(description: "\(folder): gone")
        }
        try file.write([UInt8](repeating: 1, count: 4 << 20), at: 0)
        try file.synchronizeData()
        let page = [UInt8](repeating: 2, count: 4096)
        let clock = ContinuousClock()
        let start = clock.now
        var durations: [Duration] = []
        while clock.now - start < duration / 2 {
            durations.append(
                try clock.measure {
                    try file.write(page, at: durations.count % 1024 * 4096)
                    try file.synchronizeData()
                })
        }
        return StoreResult.Writes(callers: nil, durations: durations, total: clock.now - start)
    }

    /// Callers who create keys, each one after the other.
    func writes(callers: Int) async throws -> StoreResult.Writes {
        let store = try EmbeddedStore.open(path: "\(folder)/\(callers).db")
        let clock = ContinuousClock()
        let start = clock.now
        let durations = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var durations: [Duration] = []
                    while clock.now - start < duration {
                        let key = "/registry/pods/namespace-\(caller)/pod-\(durations.count)"
                        let transaction = Transaction(if: [.absent(key)], [.put(key, value)])
                        let begin = clock.now
                        _ = try await store.commit(transaction)
                        durations.append(clock.now - begin)
                    }
                    return durations
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let total = clock.now - start
        try await store.close()
        return StoreResult.Writes(callers: callers, durations: durations, total: total)
    }

    /// The median of five openings of a store with so many pairs.
    func openMilliseconds(pairs: Int) async throws -> Double {
        let path = "\(folder)/open.db"
        let store = try EmbeddedStore.open(path: path)
        for start in stride(from: 0, to: pairs, by: 500) {
            let puts = (start..<min(start + 500, pairs)).map { number in
                Transaction.Operation.put("/registry/pods/namespace-\(number % 37)/pod-\(number)", value)
            }
            _ = try await store.commit(Transaction(puts))
        }
        try await store.close()
        var milliseconds: [Double] = []
        for _ in 0..<5 {
            let begin = ContinuousClock.now
            let store = try EmbeddedStore.open(path: path)
            milliseconds.append((ContinuousClock.now - begin) / .milliseconds(1))
            try await store.close()
        }
        return milliseconds.sorted()[2]
    }
}
