/// Why a store refused a request or ended a watch.
package enum StorageError: Error, Equatable, CustomStringConvertible {
    /// A condition of a transaction did not hold: nothing was written. `found` is what is there.
    case conflict(key: String, expected: Revision?, found: KeyValue?)
    /// The history before `oldest` is gone: read again (410 Gone).
    case compacted(requested: Revision, oldest: Revision)
    /// The revision has not been reached.
    case future(requested: Revision, current: Revision)
    /// The reader of a watch was slower than the writers, and its buffer was full (410 Gone).
    case watchExpired(capacity: Int)
    /// Two operations of a transaction write the same key.
    case duplicateKey(String)
    /// The disk is full: nothing was written, and what is there can be read.
    case noSpace(path: String)
    /// What is on disk is not what a store writes.
    case corrupt(path: String, cause: String)
    /// The store cannot be reached or written.
    case unavailable(String)

    package var description: String {
        switch self {
        case .conflict(let key, let expected, let found):
            "\(key): expected \(Self.text(expected)), found \(Self.text(found?.modRevision))"
        case .compacted(let requested, let oldest):
            "revision \(requested) has been compacted; the oldest is \(oldest)"
        case .future(let requested, let current): "revision \(requested) is ahead of the store's \(current)"
        case .watchExpired(let capacity): "watch expired: more than \(capacity) events were waiting to be read"
        case .duplicateKey(let key): "\(key): written twice in one transaction"
        case .noSpace(let path): "\(path): no space left on the device; nothing was written"
        case .corrupt(let path, let cause): "\(path): damaged: \(cause)"
        case .unavailable(let cause): "store unavailable: \(cause)"
        }
    }

    private static func text(_ revision: Revision?) -> String { revision.map { "revision \($0)" } ?? "no key" }
}
