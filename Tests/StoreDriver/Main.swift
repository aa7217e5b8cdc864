import DurableStorage
import FoundationEssentials
import Netlink
import Storage

/// Writes to a store on disk for tests, and says so on standard output, which nothing buffers.
///
///     storm FILE SEED   until it is killed:  ^REVISION (opened)  +REVISION KEY (has put)  -REVISION KEY (has deleted)
///                                            !REVISION KIND KEY (a watcher has been told)
///     fill FOLDER       until the file system is full, and goes on when there is room again
@main
enum Main {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.count == 4, arguments[1] == "storm", let seed = UInt64(arguments[3]) {
            try await storm(arguments[2], seed: seed)
        } else if arguments.count == 3, arguments[1] == "fill" {
            try await fill(arguments[2])
        } else {
            StandardError.write("usage: store-driver storm FILE SEED | store-driver fill FOLDER")
        }
    }

    static func say(_ line: String) { try? ProcessStreams.writeOutput(Array("\(line)\n".utf8)) }

    private static func storm(_ path: String, seed: UInt64) async throws {
        let store = try EmbeddedStore.open(path: path, history: HistoryLimit(eventCount: 2000))
        _ = try await store.watch(prefix: "/registry/", from: .now) { event in
            say("!\(event.revision) \(event.kind) \(event.pair.key)")
            return .more
        }
        say("^\(store.revision)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<6 { group.addTask { try await write(to: store, task: task, seed: seed) } }
            try await group.waitForAll()
        }
    }

    /// Only this task writes its keys.
    private static func write(to store: EmbeddedStore, task: Int, seed: UInt64) async throws {
        var state = seed &+ UInt64(task)
        while true {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let key = "/registry/pods/task\(task)/\(state >> 40 % 20)"
            let found = try await store.get(key)
            let condition = found.map { Transaction.Condition.unchanged(key, since: $0.modRevision) } ?? .absent(key)
            if found != nil, state >> 60 < 4 {
                say("-\(try await store.commit(Transaction(if: [condition], [.delete(key)])).revision) \(key)")
            } else {
                let value = Array(repeating: UInt8(truncatingIfNeeded: state >> 32), count: Int(state >> 54))
                let put = Transaction(if: [condition], [.put(key, value), .put("\(key)-beside", value)])
                say("+\(try await store.commit(put).revision) \(key)")
            }
        }
    }

    private static func fill(_ folder: String) async throws {
        let ballast = "\(folder)/ballast"
        try Data(repeating: 1, count: 300_000).write(to: URL(filePath: ballast))
        var store = try EmbeddedStore.open(path: "\(folder)/store.db")
        let value = [UInt8](repeating: 7, count: 5000)
        var count = 0
        do {
            while true {
                _ = try await store.commit(Transaction([.put("/\(count)", value)]))
                count += 1
            }
        } catch { say("full: \(error)") }
        let found = try await store.range(RangeRequest(.prefix("/")))
        say("readable: \(found.pairs.count == count && found.revision == Revision(count) + 1)")
        do { _ = try await store.commit(Transaction([.put("/more", value)])) } catch { say("again: \(error)") }
        do { _ = try store.saveSnapshot(to: "\(folder)/snapshot") } catch { say("snapshot: \(error)") }
        try FileManager.default.removeItem(atPath: ballast)
        _ = try await store.commit(Transaction([.put("/more", value)]))
        try await store.close()
        store = try EmbeddedStore.open(path: "\(folder)/store.db")
        say("kept: \(try await store.range(RangeRequest(.prefix("/"), limit: 0)).remainingCount - count)")
        try await store.close()
    }
}
