import APIMachinery
import Hummingbird
import KubeAPI
import NIOCore
import ServiceLifecycle
import Storage

/// A list on its way to a client: put together object by object, as fast as the client reads.
struct ListBody: Sendable {
    /// How much is put together before it is written.
    private static let chunkBytes = 64 * 1024

    let kind: ServedKind
    let page: ListPage
    let representation: Representation
    /// Whether `remainingItemCount` is known: not where a selector leaves objects out.
    let showsRemaining: Bool
    let channel: any Channel
    /// How long the client may read on when the server shuts down.
    let drainLimit: Duration

    var response: Response {
        Response(
            status: .ok, headers: [.contentType: Representation.json],
            body: ResponseBody { writer in
                try await withGracefulShutdownHandler {
                    try await write(to: &writer)
                    try await writer.finish(nil)
                } onGracefulShutdown: {
                    channel.eventLoop.scheduleTask(in: TimeAmount(drainLimit)) { channel.close(promise: nil) }
                }
            })
    }

    private func write(to writer: inout any ResponseBodyWriter) async throws {
        var chunk = ByteBuffer()
        chunk.reserveCapacity(Self.chunkBytes + 4096)
        var table: TableDocument?
        if case .table(let inclusion) = representation {
            table = TableDocument(kind.rules, inclusion: inclusion, now: .now)
        }
        chunk.writeBytes(head(table))
        for (index, pair) in page.pairs.enumerated() {
            if index > 0 { chunk.writeStaticString(",") }
            try append(ObjectRecord(pair), table, to: &chunk)
            guard chunk.readableBytes >= Self.chunkBytes else { continue }
            try await writer.write(chunk)
            chunk.clear()
            // A long list must not keep watches and controllers from the few threads that there are.
            await Task.yield()
        }
        chunk.writeStaticString("]}\n")
        try await writer.write(chunk)
    }

    private func append(_ record: ObjectRecord, _ table: TableDocument?, to chunk: inout ByteBuffer) throws {
        switch representation {
        case .objects: try kind.writeItem(record, to: &chunk)
        case .metadata: chunk.writeBytes(try kind.partialMetadata(record))
        case .table:
            guard let table else { return }
            var row: [UInt8] = []
            if kind.rules.storedShape == nil {
                try table.appendRow(
                    json: record.value.span, metadataStart: kind.opening.count - 1,
                    resourceVersion: record.resourceVersion, to: &row)
            } else {
                table.appendRow(try kind.decode(record), to: &row)
            }
            chunk.writeBytes(row)
        }
    }

    /// All but the items.
    private func head(_ table: TableDocument?) -> [UInt8] {
        var metadata = JSONObject()
        metadata["resourceVersion"] = .string(String(page.revision))
        if let token = page.continueToken {
            metadata["continue"] = .string(token)
            if showsRemaining { metadata["remainingItemCount"] = JSONValue(page.remainingCount) }
        }
        var bytes: [UInt8] = []
        if let table {
            table.appendHead(metadata: metadata, to: &bytes)
            return bytes
        }
        let isMetadata = representation == .metadata
        let list: JSONValue = [
            "kind": .string(isMetadata ? "PartialObjectMetadataList" : kind.resource.kind + "List"),
            "apiVersion": .string(isMetadata ? "meta.k8s.io/v1" : kind.resource.apiVersion),
            "metadata": .object(metadata),
        ]
        list.write(to: &bytes)
        bytes.removeLast()
        bytes.append(contentsOf: ",\"items\":[".utf8)
        return bytes
    }
}
