import NIOCore
import Synchronization
import Testing

@testable import fairlead_bench

@Suite("The lines of a watch")
struct WatchLinesTests {
    private static let text = Array(
        #"""
        {"type":"ADDED","object":{"spec":{}}}
        {"type":"MODIFIED","object":{"spec":{"nodeName":"n1"}}}

        {"type":"MODIFIED","object":{"spec":{"nodeName":"n2"}}}
        {"half
        """#.utf8)

    private static let kept = [
        #"{"type":"MODIFIED","object":{"spec":{"nodeName":"n1"}}}"#,
        #"{"type":"MODIFIED","object":{"spec":{"nodeName":"n2"}}}"#,
    ]

    private static func read(_ pieces: [[UInt8]]) -> (count: Int, kept: [String]) {
        let lines = WatchLines(keeping: #""nodeName":""#)
        for piece in pieces { lines.take(ByteBuffer(bytes: piece)) }
        return (lines.count, lines.kept.map { String(decoding: $0.bytes, as: UTF8.self) })
    }

    @Test("are counted, and those with the mark kept, wherever the bytes are cut")
    func cut() {
        for place in 0...Self.text.count {
            let found = Self.read([Array(Self.text[..<place]), Array(Self.text[place...])])
            #expect(found.count == 4, "cut at \(place)")
            #expect(found.kept == Self.kept, "cut at \(place)")
        }
        #expect(Self.read(Self.text.map { [$0] }).kept == Self.kept)
    }

    @Test("are told as they come: how many there are, once for all of a piece, and when")
    func heard() {
        let told = Mutex<[(count: Int, nanoseconds: UInt64)]>([])
        let lines = WatchLines { count, nanoseconds in told.withLock { $0.append((count, nanoseconds)) } }
        for piece in ["a\nb\n", "no end", "\n", ""] { lines.take(ByteBuffer(string: piece)) }
        let all = told.withLock { $0 }
        #expect(all.map(\.count) == [2, 3])
        #expect(all.map(\.nanoseconds) == all.map(\.nanoseconds).sorted())
        #expect(all.allSatisfy { $0.nanoseconds > 0 })
        #expect(lines.kept.isEmpty)
    }

    @Test("are kept where the whole mark is in one line")
    func marks() {
        let lines = WatchLines(keeping: "ab")
        lines.take(ByteBuffer(string: "a\nb\naab\n\nba\nab"))
        #expect(lines.count == 5)
        #expect(lines.kept.map(\.bytes) == [Array("aab".utf8)])
    }
}
