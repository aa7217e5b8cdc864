/// Durations in nanoseconds, counted in buckets whose width is at most 1/64 of their values: the idea of HdrHistogram. Takes all of
/// `UInt64`; quantiles are exact to that width, and the smallest, the largest and the mean are exact.
package struct Histogram: Sendable, Equatable {
    /// Each power of two has so many buckets.
    private static let bucketBits = 6

    package private(set) var count = 0
    package private(set) var min = UInt64.max
    package private(set) var max: UInt64 = 0
    private var sum = 0.0
    /// By bucket, as long as the largest needs.
    private var counts: [Int] = []

    package init() {}

    package init(_ nanoseconds: some Sequence<UInt64>) {
        for value in nanoseconds { record(value) }
    }

    package mutating func record(_ nanoseconds: UInt64, times: Int = 1) {
        guard times > 0 else { return }
        let bucket = Self.bucket(nanoseconds)
        if bucket >= counts.count { counts += [Int](repeating: 0, count: bucket + 1 - counts.count) }
        counts[bucket] += times
        count += times
        sum += Double(nanoseconds) * Double(times)
        min = Swift.min(min, nanoseconds)
        max = Swift.max(max, nanoseconds)
    }

    package mutating func add(_ other: Histogram) {
        guard other.count > 0 else { return }
        if other.counts.count > counts.count {
            counts += [Int](repeating: 0, count: other.counts.count - counts.count)
        }
        for (bucket, number) in other.counts.enumerated() { counts[bucket] += number }
        count += other.count
        sum += other.sum
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
    }

    /// Nil of nothing.
    package var mean: Double? { count == 0 ? nil : sum / Double(count) }

    /// The smallest recorded value that at least this part of all is not above, to the width of a bucket (the bucket's upper end, but
    /// never beyond the largest). Nil of nothing: an absent figure is not zero.
    package func quantile(_ part: Double) -> UInt64? {
        guard count > 0 else { return nil }
        let rank = Swift.max(1, Swift.min(count, Int((part * Double(count)).rounded(.up))))
        var seen = 0
        for (bucket, number) in counts.enumerated() {
            seen += number
            if seen >= rank { return Swift.max(min, Swift.min(max, Self.upperEnd(bucket))) }
        }
        return max
    }

    /// The buckets that have something, with their ends, both included.
    package var buckets: [(range: ClosedRange<UInt64>, count: Int)] {
        counts.enumerated().filter { $0.element > 0 }.map {
            (Self.lowerEnd($0.offset)...Self.upperEnd($0.offset), $0.element)
        }
    }

    /// Values below 2^(bits+1) have a bucket each; above, the highest bits say which.
    private static func bucket(_ value: UInt64) -> Int {
        let exponent = Swift.max(0, 63 - value.leadingZeroBitCount - bucketBits)
        return exponent << bucketBits + Int(value >> UInt64(exponent))
    }

    private static func lowerEnd(_ bucket: Int) -> UInt64 {
        guard bucket >= 2 << bucketBits else { return UInt64(bucket) }
        let exponent = bucket >> bucketBits - 1
        return UInt64(bucket - exponent << bucketBits) << UInt64(exponent)
    }

    private static func upperEnd(_ bucket: Int) -> UInt64 {
        guard bucket >= 2 << bucketBits else { return UInt64(bucket) }
        return lowerEnd(bucket) + (1 << UInt64(bucket >> bucketBits - 1) - 1)
    }
}

extension Histogram: Codable {
    private enum CodingKeys: String, CodingKey { case count, minNanoseconds, maxNanoseconds, sumNanoseconds, buckets }

    /// Pairs of a bucket's lower end in nanoseconds and its count.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        try container.encode(sum, forKey: .sumNanoseconds)
        if count > 0 {
            try container.encode(min, forKey: .minNanoseconds)
            try container.encode(max, forKey: .maxNanoseconds)
        }
        try container.encode(buckets.map { [$0.range.lowerBound, UInt64($0.count)] }, forKey: .buckets)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        for pair in try container.decode([[UInt64]].self, forKey: .buckets) {
            guard pair.count == 2, pair[1] <= UInt64(Int32.max) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .buckets, in: container, debugDescription: "a bucket is its lower end and a count")
            }
            record(pair[0], times: Int(pair[1]))
        }
        guard count == (try container.decode(Int.self, forKey: .count)) else {
            throw DecodingError.dataCorruptedError(
                forKey: .count, in: container, debugDescription: "not the sum of the buckets")
        }
        sum = try container.decode(Double.self, forKey: .sumNanoseconds)
        min = try container.decodeIfPresent(UInt64.self, forKey: .minNanoseconds) ?? .max
        max = try container.decodeIfPresent(UInt64.self, forKey: .maxNanoseconds) ?? 0
    }
}
