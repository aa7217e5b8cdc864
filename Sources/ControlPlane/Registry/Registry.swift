import APIMachinery
import KubeAPI
import Storage

/// The API without HTTP: the rules of all kinds over a store. The server that speaks HTTP, the controllers and the
/// scheduler of this process write through the same one.
///
/// It holds no lock while it decodes, defaults, checks and merges: a write is worked out against what was read, committed if
/// that has not changed meanwhile, and worked out anew if it has.
package final class Registry: Sendable {
    /// How often a write is worked out anew before its client is told of the conflict.
    static let attemptLimit = 64

    package let store: any KeyValueStore
    package let kinds: [ServedKind]
    let allocator: ClusterAllocator
    /// New Pods get the volume with their service account's token.
    let givesTokens: Bool
    private let byResource: [Resource: ServedKind]

    /// - Parameters:
    ///   - allocator: gives Services their addresses and ports; it must follow the same store (`start`).
    ///   - givesTokens: somebody signs service accounts' tokens, and Pods are to get them.
    package init(
        store: any KeyValueStore, allocator: ClusterAllocator, kinds table: KindTable = .kubernetes,
        givesTokens: Bool = false
    ) {
        self.store = store
        self.allocator = allocator
        self.givesTokens = givesTokens
        kinds = table.rows.map { ServedKind($0) }
        byResource = Dictionary(kinds.map { ($0.resource, $0) }) { first, _ in first }
    }

    /// - Throws: 404 for a kind that is not served.
    package func kind(_ resource: Resource) throws(Status) -> ServedKind {
        if let kind = byResource[resource] { return kind }
        throw Status(code: 404, reason: "NotFound", message: "the server could not find the requested resource")
    }

    /// The pair that an object is stored as; nil where there is none.
    func pair(_ kind: ServedKind, _ name: ObjectName) async throws(Status) -> KeyValue? {
        do throws(StorageError) {
            return try await store.get(kind.key(name))
        } catch {
            throw error.status
        }
    }

    /// - Throws: 404 NotFound.
    package func record(_ kind: ServedKind, _ name: ObjectName) async throws(Status) -> ObjectRecord {
        guard let pair = try await pair(kind, name) else { throw .notFound(kind.resource, name: name.name) }
        return ObjectRecord(pair)
    }
}

/// How a write is done, beside what it writes.
package struct WriteOptions: Sendable {
    /// Everything is checked, nothing is stored.
    package var isDryRun = false
    /// Who writes, for `metadata.managedFields`; empty for parts of this process.
    package var fieldManager = ""
    /// The subresource through which the object itself is written: `scale`.
    var subresource = ""
    /// The object comes with its owners: it was made from a configuration that is applied.
    var isApply = false

    package init(isDryRun: Bool = false, fieldManager: String = "") {
        self.isDryRun = isDryRun
        self.fieldManager = fieldManager
    }
}

extension StorageError {
    /// What a client of the API is told.
    var status: Status {
        switch self {
        case .conflict, .duplicateKey: Status(code: 409, reason: "Conflict", message: description)
        case .compacted, .watchExpired: .expired(description)
        case .future: Status(code: 504, reason: "Timeout", message: description)
        case .noSpace: Status(code: 507, reason: "InsufficientStorage", message: description)
        case .corrupt: .internalError(description)
        case .unavailable: Status(code: 503, reason: "ServiceUnavailable", message: description)
        }
    }
}
