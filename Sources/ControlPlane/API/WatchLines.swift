import APIMachinery
import KubeAPI
import NIOCore
import Storage
import Synchronization

/// The lines of the watches of one kind. A change that many clients watch is put together once.
final class WatchLines: Sendable {
    /// The type of a line.
    enum Change: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    private struct Key: Hashable {
        let change: Change
        let key: String
        let revision: Revision
        let representation: Representation
        let withColumns: Bool
    }

    private struct Recent {
        var lines: [Key: ByteBuffer] = [:]
        var order: [Key] = []
        var oldest = 0
    }

    /// Watchers of the same changes are not far from one another.
    private static let capacity = 64

    private let kind: ServedKind
    private let recent = Mutex(Recent())

    init(_ kind: ServedKind) { self.kind = kind }

    /// The line for a change of an object that others watch, too.
    ///
    /// - Parameter withColumns: of a table: its first line says what the columns are.
    func shared(
        _ change: Change, _ key: String, _ record: ObjectRecord, as representation: Representation, withColumns: Bool
    ) throws -> ByteBuffer {
        let key = Key(
            change: change, key: key, revision: record.revision, representation: representation,
            withColumns: withColumns)
        // Whoever waits for the lock wants what is put together under it.
        return try recent.withLock { recent in
            if let line = recent.lines[key] { return line }
            let line = try self.line(change, record, as: representation, withColumns: withColumns)
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

    /// The line for an object as it is stored.
    func line(_ change: Change, _ record: ObjectRecord) throws(Status) -> ByteBuffer {
        var line = ByteBuffer()
        line.reserveCapacity(record.value.count + 96)
        line.writeString("{\"type\":\"\(change.rawValue)\",\"object\":")
        try kind.write(record, to: &line)
        line.writeStaticString("}\n")
        return line
    }

    /// The line for an object in another shape.
    ///
    /// - Parameter withColumns: of a table: its first line says what the columns are.
    func line(
        _ change: Change, _ record: ObjectRecord, as representation: Representation, withColumns: Bool
    ) throws(Status) -> ByteBuffer {
        switch representation {
        case .objects: return try line(change, record)
        case .metadata: return Self.line(change.rawValue, try kind.partialMetadata(record))
        case .table(let inclusion):
            let table = TableDocument(kind.rules, inclusion: inclusion, now: .now)
            let metadata = JSONObject(["resourceVersion": .string(record.resourceVersion)])
            return Self.line(
                change.rawValue,
                table.json(metadata: metadata, [try kind.decode(record)], withColumns: withColumns))
        }
    }

    /// Every change up to `revision` has been sent.
    ///
    /// - Parameter endsInitialEvents: it follows the objects that the watch began with (KEP-3157).
    func bookmark(
        _ revision: Revision, endsInitialEvents: Bool, as representation: Representation
    ) -> ByteBuffer {
        var metadata = JSONObject()
        metadata["resourceVersion"] = .string(String(revision))
        if endsInitialEvents { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        var object: JSONValue = [
            "kind": .string(kind.resource.kind), "apiVersion": .string(kind.resource.apiVersion),
            "metadata": .object(metadata),
        ]
        switch representation {
        case .objects: break
        case .metadata:
            object["kind"] = "PartialObjectMetadata"
            object["apiVersion"] = "meta.k8s.io/v1"
        case .table:
            object = [
                "kind": "Table", "apiVersion": "meta.k8s.io/v1",
                "metadata": ["resourceVersion": .string(String(revision))], "columnDefinitions": [],
                "rows": [["cells": [], "object": object]],
            ]
        }
        return Self.line("BOOKMARK", object.json)
    }

    /// The watch ends with a failure.
    static func error(_ status: Status) throws -> ByteBuffer { line("ERROR", [UInt8](try JSON.encode(status))) }

    /// `{"type":"ADDED","object":…}` and a line feed.
    private static func line(_ type: String, _ object: [UInt8]) -> ByteBuffer {
        var line = ByteBuffer(string: "{\"type\":\"\(type)\",\"object\":")
        line.writeBytes(object)
        line.writeString("}\n")
        return line
    }
}
