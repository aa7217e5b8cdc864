import Hummingbird
import KubeAPI
import NIOCore

/// The lines of one watch on their way to the client, those that its selectors let through.
struct WatchOutput {
    /// How much is encoded before it is written.
    private static let chunkBytes = 64 * 1024

    var writer: any ResponseBodyWriter
    let lines: WatchLines
    let selection: Selection
    /// Of the last event that was looked at, sent or not.
    private(set) var lastRevision: Revision = 0

    init(writer: any ResponseBodyWriter, lines: WatchLines, selection: Selection) {
        self.writer = writer
        self.lines = lines
        self.selection = selection
    }

    mutating func write(_ line: ByteBuffer) async throws { try await writer.write(line) }

    /// The objects that the watch begins with, as additions.
    mutating func writeInitial(_ objects: [StoredObject]) async throws {
        var chunk = ByteBuffer()
        for object in objects where selection.matches(object.object) {
            var line = try WatchLines.initial(object)
            chunk.writeBuffer(&line)
            try await flush(&chunk, from: Self.chunkBytes)
        }
        try await flush(&chunk, from: 1)
    }

    /// Changes, in their order.
    mutating func write(_ events: [StoreEvent]) async throws {
        var chunk = ByteBuffer()
        for event in events {
            lastRevision = event.revision
            guard var line = try line(for: event) else { continue }
            chunk.writeBuffer(&line)
            try await flush(&chunk, from: Self.chunkBytes)
        }
        try await flush(&chunk, from: 1)
    }

    mutating func writeBookmark(_ resource: Resource, _ revision: Revision, endsInitialEvents: Bool) async throws {
        try await writer.write(
            try WatchLines.bookmark(resource, revision, endsInitialEvents: endsInitialEvents))
    }

    /// What the change is to this watch: an object that begins to match is added, one that stops is deleted, as it was
    /// before and with the version of the change (storage/cacher/cache_watcher.go).
    private func line(for event: StoreEvent) throws -> ByteBuffer? {
        let matches = event.kind != .deleted && selection.matches(event.object.object)
        let matched = event.previous.map { selection.matches($0.object) } ?? false
        switch (matched, matches) {
        case (false, false): return nil
        case (false, true): return try lines.shared(.added, event.object)
        case (true, true): return try lines.shared(.modified, event.object)
        case (true, false):
            guard event.kind != .deleted, let previous = event.previous else {
                return try lines.shared(.deleted, event.object)
            }
            let last = StoredObject(
                previous.object, createRevision: previous.createRevision, modRevision: event.revision,
                version: previous.version)
            return try lines.shared(.deleted, last)
        }
    }

    private mutating func flush(_ chunk: inout ByteBuffer, from bytes: Int) async throws {
        guard chunk.readableBytes >= bytes else { return }
        try await writer.write(chunk)
        chunk.clear()
        await Task.yield()
    }
}
