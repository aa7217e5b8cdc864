import NIOHTTP1

/// A request as a server in a test gets it.
struct ServedRequest: Sendable {
    let method: String
    let path: String
    /// Decoded; of a name that comes twice, the last.
    let query: [String: String]
    let headers: HTTPHeaders
    let body: String

    init(_ head: HTTPRequestHead, body: String) {
        method = head.method.rawValue
        let parts = head.uri.split(separator: "?", maxSplits: 1)
        path = String(parts.first ?? "")
        let pairs = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(sides[0]), sides.count > 1 ? Self.decoded(sides[1]) : "")
        }
        query = Dictionary(pairs) { $1 }
        headers = head.headers
        self.body = body
    }

    var isWatch: Bool { query["watch"] == "1" }
    var isStreamingList: Bool { query["sendInitialEvents"] == "true" }

    /// "list", "list?continue", "stream", "watch", with the resource version where there is one: "watch@12".
    var summary: String {
        let kind = isStreamingList ? "stream" : isWatch ? "watch" : query["continue"] == nil ? "list" : "list?continue"
        return kind + (query["resourceVersion"].map { "@\($0)" } ?? "")
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
                bytes.append(code)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
