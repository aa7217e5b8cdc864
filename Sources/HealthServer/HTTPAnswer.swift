/// What a server says to a request.
package struct HTTPAnswer: Hashable, Sendable {
    /// A field of the answer's header.
    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package let statusCode: Int
    /// In the order in which they are sent; the length and the end of the connection are added.
    package let headers: [Header]
    package let body: [UInt8]

    package init(statusCode: Int, headers: [Header], body: [UInt8]) {
        self.statusCode = statusCode
        self.headers = headers
        self.body = body
    }

    /// - Parameter contentType: browsers must not guess another one.
    package init(statusCode: Int = 200, contentType: String, body: [UInt8], headers: [Header] = []) {
        let type = [
            Header(name: "Content-Type", value: contentType), Header(name: "X-Content-Type-Options", value: "nosniff"),
        ]
        self.init(statusCode: statusCode, headers: type + headers, body: body)
    }

    package static func text(_ text: String, statusCode: Int = 200, headers: [Header] = []) -> HTTPAnswer {
        HTTPAnswer(
            statusCode: statusCode, contentType: "text/plain; charset=utf-8", body: [UInt8](text.utf8), headers: headers
        )
    }

    package static func json(_ body: [UInt8], statusCode: Int = 200, headers: [Header] = []) -> HTTPAnswer {
        HTTPAnswer(statusCode: statusCode, contentType: "application/json", body: body, headers: headers)
    }

    static let notFound = HTTPAnswer.text("404 page not found\n", statusCode: 404)
    static let methodNotAllowed = HTTPAnswer.text(
        "Method Not Allowed\n", statusCode: 405, headers: [Header(name: "Allow", value: "GET, HEAD")])
}
