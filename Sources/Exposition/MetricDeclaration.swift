/// What a metric is, said before it is used.
package struct MetricDeclaration: Hashable, Sendable {
    /// The types of Prometheus' text format that are used.
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    package let name: String
    package let help: String
    package let kind: Kind
    /// The names of its labels, in order. A handle with others records nothing.
    package let labels: [String]
    /// The upper bounds of a histogram's buckets, rising, without the infinite one.
    package let buckets: [Double]

    /// - Parameters:
    ///   - name: characters that Prometheus does not allow become `_`.
    ///   - buckets: of a histogram, in its unit: seconds for a timer. In any order.
    package init(
        _ name: String, _ kind: Kind, help: String, labels: [String] = [], buckets: [Double] = Self.durationBuckets
    ) {
        self.name = MetricText.name(name)
        self.kind = kind
        self.help = help
        self.labels = labels.map(MetricText.labelName).sorted()
        self.buckets = kind == .histogram ? Set(buckets.filter(\.isFinite)).sorted() : []
    }

    /// From 1 ms to 16.384 s, each twice the last: kube-proxy's for syncs (k8s.io/kubernetes pkg/proxy/metrics).
    package static let durationBuckets = exponentialBuckets(from: 0.001, count: 15)

    /// So many bounds, each twice the last.
    package static func exponentialBuckets(from first: Double, count: Int) -> [Double] {
        (0..<count).map { first * Double(1 << $0) }
    }
}
