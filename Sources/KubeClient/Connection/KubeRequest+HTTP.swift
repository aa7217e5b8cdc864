import AsyncHTTPClient
import KubeAPI
import NIOCore
import NIOHTTP1

extension KubeRequest {
    /// The request as HTTP has it.
    ///
    /// - Throws: `KubeError.configuration` where it cannot be said in HTTP.
    func http(
        for configuration: KubeClientConfiguration, credentials: Credentials
    ) throws(KubeError) -> HTTPClient.Request {
        let server = configuration.server
        var headers = HTTPHeaders(self.headers.map { ($0.name, $0.value) })
        if configuration.needsHostHeader { headers.replaceOrAdd(name: "Host", value: server.authority) }
        headers.add(name: "User-Agent", value: configuration.userAgent)
        if !headers.contains(name: "Accept") { headers.add(name: "Accept", value: "application/json") }
        if !configuration.disablesCompression { headers.add(name: "Accept-Encoding", value: "gzip") }
        if body != nil, !headers.contains(name: "Content-Type") {
            headers.add(name: "Content-Type", value: "application/json")
        }
        for (name, value) in configuration.impersonation?.headers ?? [] { headers.add(name: name, value: value) }
        guard headers.allSatisfy({ Self.isSendable($0.value) }) else {
            throw .configuration("a header of a request to \(server) has control characters")
        }
        if let authorization = credentials.authorization?.text {
            headers.replaceOrAdd(name: "Authorization", value: authorization)
        }
        do {
            return try HTTPClient.Request(
                url: "\(configuration.urlOrigin)\(server.pathPrefix)\(path)\(encodedQuery)",
                method: HTTPMethod(rawValue: method), headers: headers,
                body: body.map { .byteBuffer(ByteBuffer(bytes: $0)) })
        } catch {
            throw .configuration("'\(path.quotable)' cannot be asked of \(server)")
        }
    }

    private static func isSendable(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    private var encodedQuery: String {
        let pairs = query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
        return pairs.isEmpty ? "" : "?\(pairs.joined(separator: "&"))"
    }

    /// Percent-encodes all but RFC 3986's unreserved characters.
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var encoded = String.UnicodeScalarView()
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: encoded.append(Unicode.Scalar(byte))
            default: encoded.append(contentsOf: ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(encoded)
    }
}
