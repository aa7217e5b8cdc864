import BenchReport

/// What reading one kind came to.
struct DecodeResult: Codable {
    let kind: String
    let objects: Int
    /// On average.
    let objectBytes: Int
    /// Of the pieces that the text came in.
    let pieceBytes: Int
    /// Of JSON, by `WatchReader`, `ListReader` and `JSONDecoder`.
    let watchMegabytesPerSecond: Spread
    let listMegabytesPerSecond: Spread
    let stockMegabytesPerSecond: Spread
    /// Of the watch to `JSONDecoder` in the same round.
    let ratio: Spread

    static let header = columns("kind", "objects", "B/object", "watch MB/s", "list MB/s", "stock MB/s", "ratio")

    var row: String {
        func text(_ spread: Spread) -> String { Output.text(spread.median, decimals: 1) }
        return Self.columns(
            kind, "\(objects)", "\(objectBytes)", text(watchMegabytesPerSecond), text(listMegabytesPerSecond),
            text(stockMegabytesPerSecond), text(ratio))
    }

    private static func columns(_ texts: String...) -> String {
        texts.map { String(repeating: " ", count: max(13 - $0.count, 0)) + $0 }.joined(separator: " ")
    }
}
