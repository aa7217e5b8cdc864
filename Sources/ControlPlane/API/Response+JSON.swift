import Hummingbird
import KubeAPI
import NIOCore

extension Response {
    /// Bytes that are JSON.
    static func json(_ buffer: ByteBuffer, status: HTTPResponse.Status = .ok, warnings: [String] = []) -> Response {
        var response = Response(
            status: status, headers: [.contentType: Representation.json], body: ResponseBody(byteBuffer: buffer))
        response.add(warnings)
        return response
    }

    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok, warnings: [String] = []) -> Response {
        var bytes = value.json
        bytes.append(UInt8(ascii: "\n"))
        return json(ByteBuffer(bytes: bytes), status: status, warnings: warnings)
    }

    /// One value as JSON.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        json(ByteBuffer(bytes: try JSON.encode(value)), status: status)
    }

    /// A failure, with the code that it names.
    static func failure(_ status: Status) throws -> Response {
        var response = try json(status, status: HTTPResponse.Status(code: status.code))
        if let seconds = status.details?.retryAfterSeconds, seconds > 0 {
            response.headers[.retryAfter] = String(seconds)
        }
        return response
    }

    static func text(
        _ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// Header fields `Warning` (RFC 7234), as the API server writes them.
    private mutating func add(_ warnings: [String]) {
        for warning in warnings {
            var quoted: [UInt8] = []
            quoted.appendQuoted(warning)
            // The name is a token, so it is always a name.
            headers.append(
                .init(name: .init("Warning") ?? .server, value: "299 - " + String(decoding: quoted, as: UTF8.self)))
        }
    }
}
