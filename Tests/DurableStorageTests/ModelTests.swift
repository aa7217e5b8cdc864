import Storage
import Testing

@testable import DurableStorage

@Suite("Random sequences")
struct ModelTests {
    /// A store that keeps every state it ever had.
    private struct Model {
        var states: [[String: KeyValue]] = [[:], [:]]
        var oldest: Revision = 1
        var revision: Revision { Revision(states.count - 1) }
        var current: [String: KeyValue] { states[states.count - 1] }

        /// - Returns: the revision; nil where a condition does not hold.
        mutating func commit(_ transaction: Transaction) -> Revision? {
            for condition in transaction.conditions
            where current[condition.key]?.modRevision != condition.expected { return nil }
            var next = current
            for operation in transaction.operations {
                switch operation {
                case .delete(let key): next[key] = nil
                case .put(let key, let value):
                    let old = current[key]
                    next[key] = KeyValue(
                        key: key, value: value, createRevision: old?.createRevision ?? revision + 1,
                        modRevision: revision + 1, version: (old?.version ?? 0) + 1)
                }
            }
            if next != current { states.append(next) }
            return revision
        }
    }

    @Test("agree with a model that keeps all states, over restarts", arguments: [11, 12] as [UInt64], [true, false])
    func model(seed: UInt64, isOnDisk: Bool) async throws {
        let folder = try TemporaryFolder()
        var random = SplitMix(state: seed)
        func open() throws -> EmbeddedStore {
            isOnDisk ? try EmbeddedStore.open(path: folder.file("store.db")) : EmbeddedStore()
        }
        var store = try open()
        var model = Model()
        for step in 0..<600 {
            switch random.next() % 20 {
            case 0 where isOnDisk && step % 7 == 0:
                try await store.close()
                store = try open()
            case 1 where step % 5 == 0:
                let revision = Revision(random.next() % UInt64(model.revision)) + 1
                try await store.compact(to: revision)
                model.oldest = max(model.oldest, revision)
            case 2...4: try await compare(store, model, &random)
            default:
                let transaction = transaction(model, &random)
                let expected = model.commit(transaction)
                let revision = try? await store.commit(transaction).revision
                #expect(revision == expected)
            }
            #expect(store.revision == model.revision)
        }
        #expect(model.revision > 100)
        try await store.close()
    }

    private func transaction(_ model: Model, _ random: inout SplitMix) -> Transaction {
        var transaction = Transaction([])
        for number in 0...(random.next() % 3) {
            let key = "/\(number)/\(random.next() % 8)"
            let value = (0..<(random.next() % 20)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            transaction.operations.append(random.next() % 3 == 0 ? .delete(key) : .put(key, value))
            guard random.next() % 2 == 0 else { continue }
            // Now and then one that does not hold.
            let found = random.next() % 8 == 0 ? 1 : model.current[key]?.modRevision
            transaction.conditions.append(found.map { .unchanged(key, since: $0) } ?? .absent(key))
        }
        return transaction
    }

    private func compare(_ store: EmbeddedStore, _ model: Model, _ random: inout SplitMix) async throws {
        let revision = Revision(random.next() % UInt64(model.revision)) + 1
        guard revision >= model.oldest else {
            await #expect(throws: StorageError.compacted(requested: revision, oldest: model.oldest)) {
                try await store.all(at: revision)
            }
            return
        }
        let state = model.states[Int(revision)]
        #expect(try await store.all(at: revision) == state.values.sorted { $0.key < $1.key })
        // The events since then lead from that state to this one.
        var replayed = state
        for event in try await store.replay(after: revision) {
            #expect(event.previous == replayed[event.pair.key])
            replayed[event.pair.key] = event.kind == .deleted ? nil : event.pair
        }
        #expect(replayed == model.current)
    }
}

/// SplitMix64: the same numbers in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
