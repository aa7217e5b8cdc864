import Hummingbird
import KubeAPI
import NIOCore
import Storage

/// The lines of one watch on their way to the client, those that its selectors let through.
struct WatchOutput {
    /// How much is put together before it is written.
    private static let chunkBytes = 64 * 1024

    var writer: any ResponseBodyWriter
    let resource: ServedResource
    let selection: Selection
    let representation: Representation
    /// Of the last event that was looked at, sent or not.
    private(set) var lastRevision: Revision = 0
    private var hasWrittenColumns = false

    init(
        writer: any ResponseBodyWriter, resource: ServedResource, selection: Selection, representation: Representation
    ) {
        self.writer = writer
        self.resource = resource
        self.selection = selection
        self.representation = representation
    }

    private var lines: WatchLines { resource.lines }

    mutating func write(_ line: ByteBuffer) async throws { try await writer.write(line) }

    /// The objects that the watch begins with, as additions.
    mutating func writeInitial(_ pairs: [KeyValue]) async throws {
        var chunk = ByteBuffer()
        for pair in pairs where selection.matches(pair.key, ObjectRecord(pair)) {
            var line = try lines.line(.added, ObjectRecord(pair), as: representation, withColumns: takeColumns())
            chunk.writeBuffer(&line)
            resource.watchEvents.increment()
            try await flush(&chunk, from: Self.chunkBytes)
        }
        try await flush(&chunk, from: 1)
    }

    /// Changes, in their order.
    mutating func write(_ events: [StorageEvent]) async throws {
        var chunk = ByteBuffer()
        for event in events {
            lastRevision = event.revision
            guard var line = try line(for: event) else { continue }
            chunk.writeBuffer(&line)
            resource.watchEvents.increment()
            try await flush(&chunk, from: Self.chunkBytes)
        }
        try await flush(&chunk, from: 1)
    }

    mutating func writeBookmark(_ revision: Revision, endsInitialEvents: Bool) async throws {
        try await writer.write(
            lines.bookmark(revision, endsInitialEvents: endsInitialEvents, as: representation))
    }

    /// What the change is to this watch: an object that begins to match is added, one that stops is deleted, as it was
    /// before and with the version of the change (storage/cacher/cache_watcher.go).
    private mutating func line(for event: StorageEvent) throws -> ByteBuffer? {
        let key = event.pair.key
        let current = ObjectRecord(event.pair)
        let matches = event.kind != .deleted && selection.matches(key, current)
        let before = event.previous ?? (event.kind == .deleted ? event.pair : nil)
        let matched = before.map { selection.matches(key, ObjectRecord($0)) } ?? false
        switch (matched, matches) {
        case (false, false): return nil
        case (false, true): return try line(.added, key, current)
        case (true, true): return try line(.modified, key, current)
        case (true, false):
            guard event.kind != .deleted, let previous = event.previous else { return try line(.deleted, key, current) }
            return try line(.deleted, key, ObjectRecord(value: previous.value, revision: event.revision))
        }
    }

    private mutating func line(
        _ change: WatchLines.Change, _ key: String, _ record: ObjectRecord
    ) throws -> ByteBuffer {
        try lines.shared(change, key, record, as: representation, withColumns: takeColumns())
    }

    /// Whether the next line of a table says what the columns are.
    private mutating func takeColumns() -> Bool {
        guard case .table = representation else { return false }
        defer { hasWrittenColumns = true }
        return !hasWrittenColumns
    }

    private mutating func flush(_ chunk: inout ByteBuffer, from bytes: Int) async throws {
        guard chunk.readableBytes >= bytes else { return }
        try await writer.write(chunk)
        chunk.clear()
        await Task.yield()
    }
}
