import FoundationEssentials

/// A point in time of the API: RFC 3339 text in UTC. As a field of its own it is upstream's `Time`, written to the
/// second; `MicroTime` writes it to the microsecond.
package struct Timestamp: Codable, Sendable, Hashable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package var microsecondsSinceEpoch: Int64

    package init(microsecondsSinceEpoch: Int64) { self.microsecondsSinceEpoch = microsecondsSinceEpoch }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microsecondsSinceEpoch < right.microsecondsSinceEpoch
    }

    /// The wall clock's time, to the microsecond.
    package static var now: Timestamp {
        Timestamp(microsecondsSinceEpoch: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down)))
    }

    /// The start of this second: what `Time` keeps, so what an object's metadata should hold.
    package var wholeSeconds: Timestamp {
        let remainder = microsecondsSinceEpoch.quotientAndRemainderFloored(by: 1_000_000).remainder
        return Timestamp(microsecondsSinceEpoch: microsecondsSinceEpoch - remainder)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let text = try? container.decode(String.self), let time = Timestamp(text) else {
            throw DecodingError.typeMismatch(
                Timestamp.self,
                DecodingError.Context(codingPath: container.codingPath, debugDescription: "not RFC 3339"))
        }
        self = time
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// A point in time that is written to the microsecond (meta/v1 `MicroTime`): `2006-01-02T15:04:05.000000Z`.
package struct MicroTime: Codable, Sendable, Hashable {
    package var time: Timestamp

    package init(_ time: Timestamp) { self.time = time }

    package init(from decoder: any Decoder) throws { time = try Timestamp(from: decoder) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(time.microsecondText)
    }
}

extension Int64 {
    /// Division that rounds towards negative infinity, so that times before 1970 have a remainder of zero or more.
    func quotientAndRemainderFloored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
