import Hummingbird
import KubeAPI
import NIOCore

extension Response {
    /// One value as JSON.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: MediaTypes.json],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try JSON.encode(value))))
    }

    /// A failure, with the code that it names.
    static func failure(_ status: Status) throws -> Response {
        var response = try json(status, status: HTTPResponse.Status(code: status.code))
        if let seconds = status.details?.retryAfterSeconds, seconds > 0 {
            response.headers[.retryAfter] = String(seconds)
        }
        if status.code == 405 { response.headers[.allow] = "GET, HEAD" }
        return response
    }

    static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
