import KubeAPI

/// How far the clocks of a time zone are ahead of UTC at any time, from its compiled file (RFC 9636).
struct TimeZoneRules: Sendable, Equatable {
    static let utc = TimeZoneRules(transitions: [], first: 0, rule: nil)

    /// From when on an offset applies.
    private struct Transition: Sendable, Equatable {
        let time: Int64
        let offset: Int64
    }

    private let transitions: [Transition]
    /// Before the first transition.
    private let first: Int64
    /// After the last one.
    private let rule: YearlyClockRule?

    private init(transitions: [Transition], first: Int64, rule: YearlyClockRule?) {
        self.transitions = transitions
        self.first = first
        self.rule = rule
    }

    /// Nil for what is not such a file.
    init?(compiled bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard var header = Header(&reader) else { return nil }
        if header.version >= 2 {
            // The same again, with times of 64 bits.
            guard reader.skip(header.size(timeBytes: 4)), let second = Header(&reader) else { return nil }
            header = second
        }
        let timeBytes = header.version >= 2 ? 8 : 4
        var times: [Int64] = []
        for _ in 0..<header.times {
            guard let time = reader.integer(bytes: timeBytes) else { return nil }
            times.append(time)
        }
        guard let kinds = reader.take(header.times) else { return nil }
        var offsets: [Int64] = []
        for _ in 0..<header.types {
            guard let offset = reader.integer(bytes: 4), reader.skip(2) else { return nil }
            offsets.append(offset)
        }
        guard let first = offsets.first, kinds.allSatisfy({ Int($0) < offsets.count }),
            reader.skip(header.names + header.leaps * (timeBytes + 4) + header.standard + header.local)
        else { return nil }
        self.first = first
        transitions = zip(times, kinds).map { Transition(time: $0, offset: offsets[Int($1)]) }
        let footer = String(decoding: reader.rest, as: UTF8.self).split(separator: "\n").first
        rule = header.version >= 2 ? footer.flatMap { YearlyClockRule(String($0)) } : nil
    }

    /// - Parameter time: in seconds since 1970.
    func offsetSeconds(at time: Int64) -> Int64 {
        guard let last = transitions.last, time < last.time else {
            return rule?.offsetSeconds(at: time) ?? transitions.last?.offset ?? first
        }
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : transitions[low - 1].offset
    }

    /// What stands before the data, twice.
    private struct Header {
        let version: Int
        let local, standard, leaps, times, types, names: Int

        init?(_ reader: inout Reader) {
            guard reader.take(4) == Array("TZif".utf8), let mark = reader.take(1)?.first, reader.skip(15) else {
                return nil
            }
            version = mark == 0 ? 1 : Int(mark) - Int(UInt8(ascii: "0"))
            var counts: [Int] = []
            for _ in 0..<6 {
                guard let count = reader.integer(bytes: 4), count >= 0 else { return nil }
                counts.append(Int(count))
            }
            (local, standard, leaps) = (counts[0], counts[1], counts[2])
            (times, types, names) = (counts[3], counts[4], counts[5])
        }

        func size(timeBytes: Int) -> Int {
            times * (timeBytes + 1) + types * 6 + names + leaps * (timeBytes + 4) + standard + local
        }
    }

    private struct Reader {
        private let bytes: [UInt8]
        private var place = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var rest: ArraySlice<UInt8> { bytes[place...] }

        mutating func take(_ count: Int) -> [UInt8]? {
            guard count <= bytes.count - place else { return nil }
            defer { place += count }
            return Array(bytes[place..<place + count])
        }

        mutating func skip(_ count: Int) -> Bool { take(count) != nil }

        /// With the most significant byte first.
        mutating func integer(bytes count: Int) -> Int64? {
            guard let bytes = take(count) else { return nil }
            let number = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return count == 4 ? Int64(Int32(truncatingIfNeeded: number)) : Int64(bitPattern: number)
        }
    }
}
