import KubeAPI

/// Why a store refused a request or ended a watch.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    /// A condition of a transaction did not hold: nothing was written. Nil stands for an absent key.
    case conflict(ObjectKey, expected: Revision?, found: Revision?)
    /// The history before `oldest` is gone: list again (410 Gone).
    case compacted(requested: Revision, oldest: Revision)
    /// The revision has not been reached.
    case future(requested: Revision, current: Revision)
    /// The reader of a watch was slower than the writers, and its buffer was full (410 Gone).
    case watchExpired(capacity: Int)
    /// Two operations of a transaction write the same key.
    case duplicateKey(ObjectKey)
    /// A continue token that this store did not make.
    case invalidContinueToken(String)
    /// The store behind the interface cannot be reached or written.
    case unavailable(String)

    package var description: String {
        switch self {
        case .conflict(let key, let expected, let found):
            "\(key): expected \(Self.text(expected)), found \(Self.text(found))"
        case .compacted(let requested, let oldest):
            "revision \(requested) has been compacted; the oldest is \(oldest)"
        case .future(let requested, let current): "revision \(requested) is ahead of the store's \(current)"
        case .watchExpired(let capacity): "watch expired: more than \(capacity) events were waiting to be read"
        case .duplicateKey(let key): "\(key): written twice in one transaction"
        case .invalidContinueToken(let text): "'\(text)' is not a continue token of this store"
        case .unavailable(let cause): "store unavailable: \(cause)"
        }
    }

    /// What a client of the API is told.
    package var status: Status {
        switch self {
        case .conflict: Status(code: 409, reason: "Conflict", message: description)
        case .compacted, .watchExpired: Status(code: 410, reason: "Expired", message: description)
        case .future: Status(code: 504, reason: "Timeout", message: description)
        case .duplicateKey, .invalidContinueToken: Status(code: 400, reason: "BadRequest", message: description)
        case .unavailable: Status(code: 503, reason: "ServiceUnavailable", message: description)
        }
    }

    private static func text(_ revision: Revision?) -> String { revision.map { "revision \($0)" } ?? "no object" }
}
