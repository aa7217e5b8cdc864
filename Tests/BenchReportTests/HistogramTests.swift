import BenchReport
import FoundationEssentials
import Testing

@Suite("A histogram")
struct HistogramTests {
    /// A fixed sequence, so that a failure can be repeated.
    private static func values(_ count: Int) -> [UInt64] {
        var state: UInt64 = 42
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) >> (state >> 59)
        }
    }

    @Test("has quantiles within 1/64 of those of the sorted values", arguments: [0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1])
    func quantiles(part: Double) throws {
        let values = Self.values(20_000)
        let exact = values.sorted()[max(0, Int((part * 20_000).rounded(.up)) - 1)]
        let found = try #require(Histogram(values).quantile(part))
        #expect(found >= exact)
        #expect(Double(found - exact) <= Double(exact) / 64)
    }

    @Test("counts small values exactly", arguments: [0, 1, 63, 64, 127] as [UInt64])
    func smallValues(value: UInt64) {
        #expect(Histogram([value, value + 1000]).quantile(0.5) == value)
    }

    @Test("takes the largest there is")
    func largest() {
        let histogram = Histogram([1, .max])
        #expect(histogram.max == .max)
        #expect(histogram.quantile(1) == .max)
    }

    @Test("of nothing has no quantile and no mean")
    func empty() {
        #expect(Histogram().quantile(0.5) == nil)
        #expect(Histogram().mean == nil)
    }

    @Test("is the sum of its parts")
    func sum() {
        let values = Self.values(1000)
        var sum = Histogram(values[..<400])
        sum.add(Histogram(values[400...]))
        sum.add(Histogram())
        #expect(sum.count == 1000)
        #expect(sum.quantile(0.5) == Histogram(values).quantile(0.5))
        #expect(sum.min == values.min())
        #expect(sum.max == values.max())
    }

    @Test("has buckets that lie side by side and hold its values")
    func buckets() throws {
        let values = Self.values(500)
        let buckets = Histogram(values).buckets
        #expect(buckets.map(\.count).reduce(0, +) == 500)
        for value in values { #expect(buckets.contains { $0.range.contains(value) }) }
        for (one, next) in zip(buckets, buckets.dropFirst()) { #expect(one.range.upperBound < next.range.lowerBound) }
        for bucket in buckets {
            #expect(bucket.range.upperBound - bucket.range.lowerBound <= bucket.range.lowerBound / 64)
        }
    }

    @Test("comes back from JSON as it was")
    func json() throws {
        let histogram = Histogram(Self.values(300))
        let back = try JSONDecoder().decode(Histogram.self, from: JSONEncoder().encode(histogram))
        #expect(back == histogram)
    }

    @Test("does not come from JSON that contradicts itself")
    func wrongJSON() {
        let text = #"{"count": 3, "sumNanoseconds": 5, "buckets": [[5, 1]]}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Histogram.self, from: Data(text.utf8)) }
    }
}
