import BenchReport
import NIOCore
import Testing

@testable import fairlead_bench

@Suite("Answers of an API server, taken out of the bytes of a connection")
struct HTTPAnswerParserTests {
    /// What a connection's bytes say, the pieces of a body together.
    private struct Answer: Equatable {
        var status: Int
        var body = ""
        var isComplete = false
    }

    private static func answers(_ pieces: [[UInt8]]) throws -> [Answer] {
        var parser = HTTPAnswerParser()
        var answers: [Answer] = []
        for piece in pieces {
            var bytes = ByteBuffer(bytes: piece)
            parser.append(&bytes)
            while let event = try parser.next() {
                switch event {
                case .head(let status): answers.append(Answer(status: status))
                case .body(let part): answers[answers.count - 1].body += String(buffer: part)
                case .end: answers[answers.count - 1].isComplete = true
                }
            }
        }
        return answers
    }

    /// One of each kind of body, one after the other on a connection.
    private static let stream = Array(
        """
        HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"a":\r\n\r\n1}\
        HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nA;name=value\r\n, 23456789\r\n0\r\nTrailer: x\r\n\r\n\
        HTTP/1.1 204 No Content\r\n\r\n\
        HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\
        HTTP/1.1 404 Not Found\r\nCONTENT-LENGTH:2\r\n\r\nno
        """.utf8)

    private static let expected = [
        Answer(status: 201, body: "{\"a\":\r\n\r\n1}", isComplete: true),
        Answer(status: 200, body: "hello, 23456789", isComplete: true),
        Answer(status: 204, body: "", isComplete: true),
        Answer(status: 200, body: "", isComplete: true),
        Answer(status: 404, body: "no", isComplete: true),
    ]

    @Test("come out of a buffer that holds several")
    func several() throws {
        #expect(try Self.answers([Self.stream]) == Self.expected)
    }

    @Test("are the same wherever the bytes are cut in two")
    func cut() throws {
        for place in 0...Self.stream.count {
            let found = try Self.answers([Array(Self.stream[..<place]), Array(Self.stream[place...])])
            #expect(found == Self.expected, "cut at \(place)")
        }
    }

    @Test("are the same when each byte comes alone")
    func singleBytes() throws {
        #expect(try Self.answers(Self.stream.map { [$0] }) == Self.expected)
    }

    @Test("are given piece by piece, before their end has come")
    func incomplete() throws {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf"
        #expect(try Self.answers([Array(chunked.utf8)]) == [Answer(status: 200, body: "half")])
        let fixed = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf"
        #expect(try Self.answers([Array(fixed.utf8)]) == [Answer(status: 200, body: "half")])
        #expect(try Self.answers([Array("HTTP/1.1 200 OK\r\nContent-Le".utf8)]) == [])
    }

    @Test(
        "are an error where the bytes are none",
        arguments: [
            "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 OK 200\r\n\r\n", "\r\n\r\n",
            "HTTP/1.1 -1 Negative\r\n\r\n", "HTTP/1.1 99 Short\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello, more\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + String(repeating: "0", count: 5000),
            String(repeating: "x", count: 100_000),
        ])
    func malformed(text: String) {
        #expect(throws: BenchmarkError.self) { try Self.answers([Array(text.utf8)]) }
    }
}
