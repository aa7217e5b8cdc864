/// A request to an `EchoServer`: the header of an HTTP/1.x request, or a line.
struct EchoRequest: Equatable {
    var isHTTP: Bool
    /// The connection ends with the response.
    var isLast: Bool

    /// Takes the first whole request off `input`; nil when more must come.
    init?(parsing input: inout [UInt8]) {
        guard let lineEnd = input.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = String(decoding: input[..<lineEnd], as: UTF8.self)
        guard line.contains(" HTTP/1.") else {
            self.init(isHTTP: false, isLast: false)
            input.removeSubrange(...lineEnd)
            return
        }
        guard let blank = input.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let header = String(decoding: input[..<blank.lowerBound], as: UTF8.self).lowercased()
        self.init(isHTTP: true, isLast: header.contains("\r\nconnection: close") || line.contains(" HTTP/1.0"))
        input.removeSubrange(..<blank.upperBound)
    }

    private init(isHTTP: Bool, isLast: Bool) {
        self.isHTTP = isHTTP
        self.isLast = isLast
    }

    func response(body: String) -> String {
        guard isHTTP else { return body }
        let header = [
            "HTTP/1.1 200 OK", "Content-Type: text/plain; charset=utf-8", "Content-Length: \(body.utf8.count)",
            isLast ? "Connection: close" : "Connection: keep-alive",
        ]
        return header.joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}
