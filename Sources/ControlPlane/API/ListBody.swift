import Hummingbird
import KubeAPI
import NIOCore
import ServiceLifecycle

/// A list on its way to a client: encoded object by object, as fast as the client reads.
struct ListBody: Sendable {
    /// How much is encoded before it is written.
    private static let chunkBytes = 64 * 1024

    let resource: Resource
    let list: ObjectList
    /// Whether `remainingItemCount` is known: not where a selector leaves objects out.
    let showsRemaining: Bool
    let channel: any Channel
    /// How long the client may read on when the server shuts down.
    let drainLimit: Duration

    private struct Head: Encodable {
        struct Metadata: Encodable {
            let resourceVersion: String
            let `continue`: String?
            let remainingItemCount: Int?
        }
        let apiVersion: String
        let kind: String
        let metadata: Metadata
    }

    var response: Response {
        Response(
            status: .ok, headers: [.contentType: MediaTypes.json],
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
        var chunk = ByteBuffer(bytes: try head().dropLast())
        chunk.writeString(",\"items\":[")
        for (index, object) in list.objects.enumerated() {
            if index > 0 { chunk.writeString(",") }
            chunk.writeBytes(try JSON.encode(object.object))
            guard chunk.readableBytes >= Self.chunkBytes else { continue }
            try await writer.write(chunk)
            chunk.clear()
            // A long list must not keep watches and controllers from the few threads that there are.
            await Task.yield()
        }
        chunk.writeString("]}\n")
        try await writer.write(chunk)
    }

    /// All but the items; ends with a brace.
    private func head() throws -> [UInt8] {
        let isLast = list.continueToken == nil
        let metadata = Head.Metadata(
            resourceVersion: String(list.revision), continue: list.continueToken,
            remainingItemCount: isLast || !showsRemaining ? nil : list.remainingCount)
        return [UInt8](
            try JSON.encode(
                Head(apiVersion: resource.apiVersion, kind: resource.kind + "List", metadata: metadata)))
    }
}
