import Glibc
import NIOCore

/// Writes the answer to one request byte by byte, right or wrong, as a test wants it.
struct ServerAnswer: Sendable {
    let channel: any Channel

    /// The head of an answer whose body comes in chunks.
    func head(_ status: Int = 200, _ headers: [(String, String)] = []) async throws {
        try await write(Self.head(status, headers + [("Transfer-Encoding", "chunked")]))
    }

    func chunk(_ text: String) async throws {
        guard !text.isEmpty else { return }
        try await write("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
    }

    func end() async throws { try await write("0\r\n\r\n") }

    /// A whole answer.
    func full(_ status: Int = 200, _ headers: [(String, String)] = [], _ body: String) async throws {
        try await write(Self.head(status, headers + [("Content-Length", "\(body.utf8.count)")]) + body)
    }

    func full(_ status: Int = 200, _ headers: [(String, String)], bytes: [UInt8]) async throws {
        var buffer = ByteBuffer(string: Self.head(status, headers + [("Content-Length", "\(bytes.count)")]))
        buffer.writeBytes(bytes)
        try await channel.writeAndFlush(buffer)
    }

    /// The head and a part of an answer that says it is longer, then the end of the connection.
    func cut(_ text: String) async throws {
        try await write(Self.head(200, [("Content-Length", "\(text.utf8.count + 100)")]) + text)
        try await close()
    }

    /// A chunk that says it is longer, then the end of the connection.
    func cutChunk(_ text: String) async throws {
        try await write("\(String(text.utf8.count + 50, radix: 16))\r\n\(text)")
        try await close()
    }

    /// FIN.
    func close() async throws { try await channel.close() }

    /// RST.
    func reset() async throws {
        if let options = channel as? any SocketOptionProvider {
            try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try await channel.close()
    }

    /// Returns when the connection is gone; sends nothing.
    func silence() async throws { try await channel.closeFuture.get() }

    private func write(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

    private static func head(_ status: Int, _ headers: [(String, String)]) -> String {
        let lines = ([("Content-Type", "application/json")] + headers).map { "\($0.0): \($0.1)\r\n" }
        return "HTTP/1.1 \(status) Status\r\n\(lines.joined())\r\n"
    }
}
