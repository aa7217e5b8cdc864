import Synchronization

@testable import Storage

/// What a watch has been told, in order.
final class Tape: Sendable {
    private let recorded = Mutex<[String]>([])

    var events: [String] { recorded.withLock { $0 } }

    var sink: WatchSink {
        { event in
            self.recorded.withLock { $0.append(event.text) }
            return .more
        }
    }
}

extension StorageEvent {
    /// `added /a=x @2`.
    var text: String { "\(kind) \(pair.key)=\(pair.value.text) @\(revision)" }
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }
}

extension KeyValueStore {
    @discardableResult
    func put(_ key: String, _ value: String) async throws(StorageError) -> Revision {
        try await commit(Transaction([.put(key, Array(value.utf8))])).revision
    }

    @discardableResult
    func delete(_ key: String) async throws(StorageError) -> Revision {
        try await commit(Transaction([.delete(key)])).revision
    }

    /// The keys and values under a prefix: `/a=x`.
    func texts(
        _ prefix: String, after: String? = nil, limit: Int? = nil, at revision: Revision? = nil
    ) async throws(StorageError) -> [String] {
        try await range(RangeRequest(.prefix(prefix), after: after, limit: limit, revision: revision)).pairs
            .map { "\($0.key)=\($0.value.text)" }
    }
}

/// Numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
