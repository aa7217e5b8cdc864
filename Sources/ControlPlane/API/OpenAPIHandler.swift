import APIMachinery
import Hummingbird
import KubeAPI
import NIOCore
import Synchronization

/// Serves the schemas of all kinds. The documents are large and hardly ever asked for: each is made when it is first wanted,
/// and kept.
final class OpenAPIHandler: Sendable {
    private let documents: OpenAPIDocuments
    private let made = Mutex<[String: ByteBuffer]>([:])

    init(_ kinds: [ServedKind], version: String) {
        documents = OpenAPIDocuments(kinds.map(\.rules), version: version)
    }

    /// `/openapi/v2`: kubectl reads it in one form only, others as JSON.
    func swagger(accept: String?) -> Response {
        if let accept, accept.contains(OpenAPIDocuments.swaggerProtobufAccept) {
            let buffer = keep("v2 protobuf") { documents.swaggerProtobuf() } ?? ByteBuffer()
            return Response(
                status: .ok, headers: [.contentType: OpenAPIDocuments.swaggerProtobufContentType],
                body: ResponseBody(byteBuffer: buffer))
        }
        return .json(keep("v2") { documents.swagger() } ?? ByteBuffer())
    }

    /// `/openapi/v3` and the documents below it.
    ///
    /// - Throws: 404.
    func document(_ path: String) throws(Status) -> Response {
        let buffer = keep("v3/\(path)") { path.isEmpty ? documents.index() : documents.document(path) }
        guard let buffer else { throw .unknownPath }
        return .json(buffer)
    }

    private func keep(_ name: String, _ make: () -> [UInt8]?) -> ByteBuffer? {
        if let buffer = made.withLock({ $0[name] }) { return buffer }
        guard let buffer = make().map({ ByteBuffer(bytes: $0) }) else { return nil }
        made.withLock { $0[name] = buffer }
        return buffer
    }
}
