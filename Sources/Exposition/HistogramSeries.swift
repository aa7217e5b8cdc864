import Metrics
import Synchronization

/// How often values were within each of some bounds. A timer's values are seconds here.
final class HistogramSeries: RecorderHandler, TimerHandler {
    struct Values: Sendable {
        /// By bucket, each without those below it; the last one has what is above all bounds.
        var counts: [UInt64]
        var sum = 0.0
    }

    let bounds: [Double]
    private let recorded: Mutex<Values>

    init(bounds: [Double]) {
        self.bounds = bounds
        recorded = Mutex(Values(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    var values: Values { recorded.withLock { $0 } }

    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bucket(of: value)
        recorded.withLock { recorded in
            recorded.counts[bucket] += 1
            recorded.sum += value
        }
    }

    /// The first whose bound the value does not exceed.
    private func bucket(of value: Double) -> Int {
        var (low, high) = (0, bounds.count)
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
