import ArgumentParser
import DurableStorage
import Storage
import Testing

@testable import fairlead

@Suite struct SnapshotCommandTests {
    private func run(_ arguments: String...) throws {
        var command = try Fairlead.parseAsRoot(["snapshot"] + arguments)
        try command.run()
    }

    @Test("A store is saved while it is open and when it is closed, and another one made of the snapshot")
    func roundTrip() async throws {
        let directory = try TemporaryDirectory()
        let (path, snapshot, restored) = (directory.file("a.db"), directory.file("snapshot"), directory.file("b.db"))
        let store = try EmbeddedStore.open(path: path)
        _ = try await store.commit(Transaction([.put("/a", [1, 2, 3])]))
        try run("save", "--store", path, snapshot)
        #expect(try Snapshot.status(snapshot).totalKeys == 1)
        try await store.close()
        try run("save", "--store", path, snapshot)
        try run("status", snapshot, "--json")
        try run("restore", snapshot, "--store", restored, "--bump-revision", "98")
        #expect(throws: StorageError.self) { try run("restore", snapshot, "--store", restored) }
        let second = try EmbeddedStore.open(path: restored)
        #expect(second.revision == 100)
        #expect(try await second.get("/a")?.value == [1, 2, 3])
        try await second.close()
        let text = SnapshotDocument(try Snapshot.status(snapshot)).text.split(separator: "\n")
        #expect(text.first == "HASH              REVISION  TOTAL KEYS  TOTAL SIZE")
        #expect(text.last?.contains("         2           1 ") == true)
    }

    @Test("A revision does not go back")
    func negativeBump() {
        #expect(throws: (any Error).self) {
            try Fairlead.parseAsRoot(["snapshot", "restore", "s", "--store", "t", "--bump-revision=-1"])
        }
    }
}
