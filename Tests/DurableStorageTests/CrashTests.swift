import Netlink
import Storage
import TestSupport
import Testing

@testable import DurableStorage

@Suite("A store's process", .serialized)
struct CrashTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What a process has said that it was answered, or that its watcher was told.
    private struct Account {
        var acknowledged: [(revision: Revision, key: String, isDeletion: Bool)] = []
        var shown: [(revision: Revision, kind: String, key: String)] = []
        var opened: Revision?
        var last: Revision = 1

        mutating func add(_ line: String) throws {
            let words = line.dropFirst().split(separator: " ").map(String.init)
            let revision = try #require(Revision(words[0]), "the process failed: \(line)")
            last = max(last, revision)
            switch line.first {
            case "^": opened = revision
            case "+", "-": acknowledged.append((revision, words[1], line.first == "-"))
            case "!": shown.append((revision, words[1], words[2]))
            default: Issue.record("the process failed: \(line)")
            }
        }
    }

    @Test("is killed at any moment, 200 times: what was acknowledged or shown is there, and the revision goes on")
    func kills() async throws {
        let namespace = try NetworkNamespace.current()
        var path = folder.file("0.db")
        var model: [String: KeyValue] = [:]
        var revision: Revision = 1
        var acknowledgedCount = 0
        for round in 0..<200 {
            // A new store now and then, so that its making is interrupted, too.
            if round % 20 == 0 {
                path = folder.file("\(round).db")
                (model, revision) = ([:], 1)
            }
            let process = try ChildProcess(
                [BuiltProduct.path("store-driver"), "storm", path, "\(UInt64.random(in: 0 ... .max))"], in: namespace)
            var account = Account()
            if round % 20 >= 3 { try account.add(try #require(process.receiveLine(timeoutMilliseconds: 60_000))) }
            sleepThread(until: .now + .microseconds(Int.random(in: 0..<60_000)))
            process.kill()
            while let line = process.receiveLine(timeoutMilliseconds: 0) { try account.add(line) }
            acknowledgedCount += account.acknowledged.count

            let store = try EmbeddedStore.open(path: path, history: HistoryLimit(eventCount: 2000))
            #expect(store.revision >= max(revision, account.last))
            if let opened = account.opened { #expect(opened == revision) }
            let replay = try await store.replay(after: revision)
            #expect(Set(replay.map(\.revision)) == Set(revision + 1..<store.revision + 1))
            let events = Set(replay.map { "\($0.revision) \($0.kind) \($0.pair.key)" })
            for event in account.shown { #expect(events.contains("\(event.revision) \(event.kind) \(event.key)")) }
            for write in account.acknowledged {
                let kinds = write.isDeletion ? ["deleted"] : ["added", "modified"]
                #expect(kinds.contains { events.contains("\(write.revision) \($0) \(write.key)") })
            }
            for event in replay {
                #expect(event.previous == model[event.pair.key])
                model[event.pair.key] = event.kind == .deleted ? nil : event.pair
            }
            #expect(try await store.all() == model.values.sorted { $0.key < $1.key })
            revision = store.revision
            try await store.close()
        }
        #expect(acknowledgedCount > 500)
    }

    @Test("finds the disk full: it reads on, and writes again when there is room")
    func diskFull() throws {
        let process = try ChildProcess(
            [
                "unshare", "-m", "bash", "-c", #"mount -t tmpfs -o size=1500k store "$1" && exec "$0" fill "$1""#,
                BuiltProduct.path("store-driver"), folder.path,
            ], in: NetworkNamespace.current())
        var lines: [String] = []
        while let line = process.receiveLine(timeoutMilliseconds: 60_000) { lines.append(line) }
        let file = folder.file("store.db")
        let full = "\(file): no space left on the device; nothing was written"
        #expect(lines.count == 5)
        #expect(lines.prefix(3) == ["full: \(full)", "readable: true", "again: \(full)"])
        #expect(lines.dropFirst(3).first?.hasSuffix("no space left on the device; nothing was written") == true)
        #expect(lines.last == "kept: 1")
    }
}
