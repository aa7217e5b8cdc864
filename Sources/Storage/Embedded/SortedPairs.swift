/// Pairs in the order of their keys: sorted chunks, so that a write moves a few hundred pairs at most, a count adds up
/// chunks, and a copy is free until one of the two is written: it shares every chunk that the writes leave alone.
struct SortedPairs: Sendable {
    /// A chunk is cut in half beyond this; a write to a shared chunk copies so many pairs.
    private static let chunkCapacity = 256

    /// None is empty.
    private var chunks: [[KeyValue]] = []
    private(set) var count = 0

    private struct Position {
        var chunk: Int
        var offset: Int
    }

    /// The pair under `key`; setting nil removes it.
    subscript(key: String) -> KeyValue? {
        get {
            let position = firstPosition(notBefore: key)
            guard position.chunk < chunks.count else { return nil }
            let found = chunks[position.chunk][position.offset]
            return found.key == key ? found : nil
        }
        set {
            let position = firstPosition(notBefore: key)
            let exists = position.chunk < chunks.count && chunks[position.chunk][position.offset].key == key
            switch (newValue, exists) {
            case (let pair?, true): chunks[position.chunk][position.offset] = pair
            case (let pair?, false): insert(pair, at: position)
            case (nil, true): remove(at: position)
            case (nil, false): break
            }
        }
    }

    /// At most `limit` pairs of the span after the key `after`, and how many come behind them.
    func page(_ span: KeySpan, after: String?, limit: Int?) -> (pairs: [KeyValue], remaining: Int) {
        let lower = after.map { max($0 + "\0", span.lower) } ?? span.lower
        let start = firstPosition(notBefore: lower)
        let end = span.upper.map(firstPosition(notBefore:)) ?? Position(chunk: chunks.count, offset: 0)
        let total = max(count(from: start, to: end), 0)
        let wanted = min(total, max(limit ?? total, 0))
        var pairs: [KeyValue] = []
        pairs.reserveCapacity(wanted)
        var position = start
        while pairs.count < wanted {
            let rest = chunks[position.chunk][position.offset...]
            pairs += rest.prefix(wanted - pairs.count)
            position = Position(chunk: position.chunk + 1, offset: 0)
        }
        return (pairs, total - wanted)
    }

    private func count(from start: Position, to end: Position) -> Int {
        guard start.chunk < end.chunk else { return end.offset - start.offset }
        return chunks[start.chunk..<end.chunk].reduce(0) { $0 + $1.count } - start.offset + end.offset
    }

    /// Where the first pair is whose key is `key` or behind it; the chunk after the last one where there is none.
    private func firstPosition(notBefore key: String) -> Position {
        let chunk = Self.firstIndex(in: 0..<chunks.count) { index in
            chunks[index].last.map { $0.key >= key } ?? true
        }
        guard chunk < chunks.count else { return Position(chunk: chunk, offset: 0) }
        let offset = Self.firstIndex(in: 0..<chunks[chunk].count) { chunks[chunk][$0].key >= key }
        return Position(chunk: chunk, offset: offset)
    }

    /// The first index for which `isReached` holds; it must then hold for all that follow.
    private static func firstIndex(in range: Range<Int>, where isReached: (Int) -> Bool) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if isReached(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private mutating func insert(_ pair: KeyValue, at position: Position) {
        count += 1
        guard !chunks.isEmpty else {
            chunks = [[pair]]
            return
        }
        // Behind the last key: into the last chunk.
        var position = position
        if position.chunk == chunks.count {
            position = Position(chunk: chunks.count - 1, offset: chunks[chunks.count - 1].count)
        }
        chunks[position.chunk].insert(pair, at: position.offset)
        let size = chunks[position.chunk].count
        guard size > Self.chunkCapacity else { return }
        // Keys that come in their order leave full chunks behind, not half empty ones.
        let cut = position.offset == size - 1 ? size - 1 : size / 2
        let upperHalf = Array(chunks[position.chunk][cut...])
        chunks[position.chunk].removeSubrange(cut...)
        chunks.insert(upperHalf, at: position.chunk + 1)
    }

    private mutating func remove(at position: Position) {
        count -= 1
        chunks[position.chunk].remove(at: position.offset)
        if chunks[position.chunk].isEmpty {
            chunks.remove(at: position.chunk)
        } else if position.chunk + 1 < chunks.count,
            chunks[position.chunk].count + chunks[position.chunk + 1].count < Self.chunkCapacity / 2
        {
            chunks[position.chunk] += chunks.remove(at: position.chunk + 1)
        }
    }
}
