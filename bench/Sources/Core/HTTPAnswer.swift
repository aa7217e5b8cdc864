import BenchReport
import NIOCore

/// The head of an answer in HTTP/1.1, as far as a client needs it.
struct HTTPAnswerHead: Equatable {
    enum Body: Equatable {
        case fixed(Int)
        case chunked
    }

    let status: Int
    let body: Body

    /// Reads a head without its last empty line.
    ///
    /// - Throws: `BenchmarkError` where it is none.
    init(_ text: String) throws(BenchmarkError) {
        var lines = text.split(separator: "\r\n")[...]
        let words = lines.popFirst()?.split(separator: " ") ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]), 100..<600 ~= status
        else {
            throw BenchmarkError(description: "no answer in HTTP/1.1: \(text.prefix(80))")
        }
        self.status = status
        var body = Body.fixed(0)
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = parts[1].filter { !$0.isWhitespace }
            switch parts[0].lowercased() {
            case "content-length":
                guard let length = Int(value), length >= 0 else {
                    throw BenchmarkError(description: "no length of a body: \(value.prefix(40))")
                }
                body = .fixed(length)
            case "transfer-encoding":
                guard value.lowercased() == "chunked" else {
                    throw BenchmarkError(description: "a body in a coding that is not known: \(value.prefix(40))")
                }
                body = .chunked
            default: break
            }
        }
        self.body = body
    }
}

/// Takes answers out of the bytes of a connection, which come in any pieces.
struct HTTPAnswerParser {
    enum Event: Equatable {
        case head(status: Int)
        case body(ByteBuffer)
        case end
    }

    private enum Phase {
        case head
        case fixed(left: Int)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailer
    }

    /// Bytes of a head; servers' have some hundred.
    private static let headLimit = 65_536

    private var phase = Phase.head
    private var buffer = ByteBuffer()

    mutating func append(_ bytes: inout ByteBuffer) {
        if buffer.readableBytes == 0 { swap(&buffer, &bytes) } else { buffer.writeBuffer(&bytes) }
    }

    /// Nil until there is more.
    ///
    /// - Throws: `BenchmarkError` where the bytes are no answer.
    mutating func next() throws(BenchmarkError) -> Event? {
        while true {
            switch phase {
            case .head:
                guard let end = position(of: "\r\n\r\n"), let text = buffer.readString(length: end) else {
                    guard buffer.readableBytes < Self.headLimit else {
                        throw BenchmarkError(description: "a head without end")
                    }
                    return nil
                }
                buffer.moveReaderIndex(forwardBy: 4)
                let head = try HTTPAnswerHead(text)
                phase = head.body == .chunked ? .chunkSize : .fixed(left: 0)
                if case .fixed(let length) = head.body { phase = .fixed(left: length) }
                return .head(status: head.status)
            case .fixed(let left):
                if left == 0 {
                    phase = .head
                    return .end
                }
                guard let piece = piece(left) else { return nil }
                phase = .fixed(left: left - piece.readableBytes)
                return .body(piece)
            case .chunkSize:
                guard let line = try line() else { return nil }
                guard let size = Int(line.prefix { $0.isHexDigit }, radix: 16) else {
                    throw BenchmarkError(description: "no length of a chunk: \(line.prefix(40))")
                }
                phase = size == 0 ? .trailer : .chunk(left: size)
            case .chunk(let left):
                if left == 0 {
                    phase = .chunkEnd
                } else {
                    guard let piece = piece(left) else { return nil }
                    phase = .chunk(left: left - piece.readableBytes)
                    return .body(piece)
                }
            case .chunkEnd:
                guard let line = try line() else { return nil }
                guard line.isEmpty else {
                    throw BenchmarkError(description: "more in a chunk than its length: \(line.prefix(40))")
                }
                phase = .chunkSize
            case .trailer:
                guard let line = try line() else { return nil }
                if line.isEmpty {
                    phase = .head
                    return .end
                }
            }
        }
    }

    private mutating func piece(_ limit: Int) -> ByteBuffer? {
        buffer.readableBytes == 0 ? nil : buffer.readSlice(length: min(limit, buffer.readableBytes))
    }

    private mutating func line() throws(BenchmarkError) -> String? {
        guard let end = position(of: "\r\n") else {
            guard buffer.readableBytes < 4096 else { throw BenchmarkError(description: "a line without end") }
            return nil
        }
        defer { buffer.moveReaderIndex(forwardBy: 2) }
        return buffer.readString(length: end)
    }

    private func position(of mark: StaticString) -> Int? {
        let mark = Array(mark.description.utf8)
        let view = buffer.readableBytesView
        var start = view.startIndex
        while let first = view[start...].firstIndex(of: mark[0]), first + mark.count <= view.endIndex {
            if view[first..<first + mark.count].elementsEqual(mark) { return first - view.startIndex }
            start = first + 1
        }
        return nil
    }
}
