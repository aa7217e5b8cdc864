import Hummingbird
import KubeAPI
import Storage

/// Watches of a kind. Failures to begin come as an event `ERROR` behind the status 200, as upstream's do
/// (storage/cacher), so that a client has one place to look at them.
struct WatchHandler: Sendable {
    let store: any KeyValueStore
    let configuration: APIServerConfiguration

    /// - Throws: `Status`: 400, 422.
    func watch(
        _ resource: ServedResource, namespace: String?, _ query: RequestQuery, _ request: Request,
        _ context: APIContext
    ) async throws -> Response {
        let representation = try Representation(accept: request.headers[.accept], query)
        let options = try ReadOptions(query, of: resource, isWatch: true)
        let session = WatchSession(
            store: store, configuration: configuration, resource: resource, namespace: namespace, options: options,
            representation: representation)
        let body = request.body
        return Response(
            status: .ok,
            // To see the client go, the session reads the connection to its end.
            headers: [.contentType: Representation.json, .connection: "close"],
            body: ResponseBody { writer in
                try await session.run(watching: body, on: context.channel, to: &writer)
                try await writer.finish(nil)
            })
    }
}
