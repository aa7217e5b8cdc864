import KubeAPI
import NIOCore
import Synchronization

/// The lines of the watches of one kind. A change that many clients watch is encoded once.
final class WatchLines: Sendable {
    /// The type of a line.
    enum Kind: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    private struct Key: Hashable {
        let kind: Kind
        let name: NamespacedName
        let revision: Revision
    }

    private struct Recent {
        var lines: [Key: ByteBuffer] = [:]
        var order: [Key] = []
        var oldest = 0
    }

    /// Watchers of the same changes are not far from one another.
    private static let capacity = 64

    private let recent = Mutex(Recent())

    /// The line for a change of an object that others watch, too.
    func shared(_ kind: Kind, _ object: StoredObject) throws -> ByteBuffer {
        let key = Key(kind: kind, name: object.key.namespacedName, revision: object.modRevision)
        // Whoever waits for the lock wants what is encoded under it.
        return try recent.withLock { recent in
            if let line = recent.lines[key] { return line }
            let line = try Self.line(kind.rawValue, object.object)
            recent.lines[key] = line
            if recent.order.count < Self.capacity {
                recent.order.append(key)
            } else {
                recent.lines[recent.order[recent.oldest]] = nil
                recent.order[recent.oldest] = key
                recent.oldest = (recent.oldest + 1) % Self.capacity
            }
            return line
        }
    }

    /// The line for an object that a watch begins with.
    static func initial(_ object: StoredObject) throws -> ByteBuffer { try line(Kind.added.rawValue, object.object) }

    /// Every change up to `revision` has been sent.
    ///
    /// - Parameter endsInitialEvents: it follows the objects that the watch began with (KEP-3157).
    static func bookmark(_ resource: Resource, _ revision: Revision, endsInitialEvents: Bool) throws -> ByteBuffer {
        try line(
            "BOOKMARK",
            Bookmark(
                apiVersion: resource.apiVersion, kind: resource.kind,
                metadata: Bookmark.Metadata(
                    annotations: endsInitialEvents ? ["k8s.io/initial-events-end": "true"] : nil,
                    resourceVersion: String(revision))))
    }

    /// The watch ends with a failure.
    static func error(_ status: Status) throws -> ByteBuffer { try line("ERROR", status) }

    private struct Bookmark: Encodable {
        struct Metadata: Encodable {
            let annotations: [String: String]?
            let resourceVersion: String
        }
        let apiVersion: String
        let kind: String
        let metadata: Metadata
    }

    /// `{"type":"ADDED","object":…}` and a line feed.
    private static func line(_ type: String, _ object: some Encodable) throws -> ByteBuffer {
        var line = ByteBuffer(string: "{\"type\":\"\(type)\",\"object\":")
        line.writeBytes(try JSON.encode(object))
        line.writeString("}\n")
        return line
    }
}
