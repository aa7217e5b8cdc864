/// Reads a watch as its bytes come in, in pieces of any size: one line for each change.
package struct WatchReader<Object: WireObject> {
    /// The start of a line whose end has not come yet.
    private var partial: [UInt8] = []
    private let lineLimitBytes: Int

    /// - Parameter lineLimitBytes: a line that is longer ends the watch. What the API holds is far below: etcd takes
    ///   objects of 1.5 MiB.
    package init(lineLimitBytes: Int = 64 << 20) { self.lineLimitBytes = lineLimitBytes }

    /// Takes the next bytes, and hands out every line that they complete. Blank lines are nothing.
    ///
    /// - Throws: `DecodeError` for a line that is no watch event at all, or too long; the watch cannot go on then.
    package mutating func read(_ bytes: RawSpan, _ line: (WatchLine<Object>) -> Void) throws(DecodeError) {
        let bytes = Span<UInt8>(_bytes: bytes)
        var start = 0
        while let end = bytes.firstOffset(of: .lineFeed, from: start) {
            if partial.isEmpty {
                guard end - start <= lineLimitBytes else { throw .tooLarge(limitBytes: lineLimitBytes) }
                try Self.read(line: bytes.extracting(start..<end), line)
            } else {
                try keep(bytes.extracting(start..<end))
                try Self.read(line: partial.span, line)
                partial.removeAll(keepingCapacity: partial.capacity <= 1 << 20)
            }
            start = end + 1
        }
        try keep(bytes.extracting(start...))
    }

    /// Whether the last line has its end: false says that the connection broke within one.
    package var isAtLineEnd: Bool { partial.isEmpty }

    private mutating func keep(_ bytes: Span<UInt8>) throws(DecodeError) {
        guard partial.count + bytes.count <= lineLimitBytes else { throw .tooLarge(limitBytes: lineLimitBytes) }
        partial.append(copying: bytes)
    }

    private static func read(line bytes: Span<UInt8>, _ line: (WatchLine<Object>) -> Void) throws(DecodeError) {
        var reader = JSONReader(bytes)
        reader.skipWhitespace()
        guard reader.offset < bytes.count else { return }
        line(try WatchLineParts<Object>(bytes).line(of: bytes))
    }
}
