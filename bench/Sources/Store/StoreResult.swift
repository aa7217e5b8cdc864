/// What writes to a store took.
struct StoreResult: Codable {
    /// Calls that were made one after the other, or by several callers.
    struct Writes: Codable {
        /// Nil for the disk's own floor.
        let callers: Int?
        let writesPerSecond: Double
        let p50Milliseconds: Double
        let p99Milliseconds: Double

        init(callers: Int?, durations: [Duration], total: Duration) {
            let milliseconds = durations.map { $0 / .milliseconds(1) }.sorted()
            func quantile(_ percent: Int) -> Double {
                milliseconds.isEmpty ? .nan : milliseconds[(milliseconds.count - 1) * percent / 100]
            }
            self.callers = callers
            writesPerSecond = Double(durations.count) / (total / .seconds(1))
            p50Milliseconds = quantile(50)
            p99Milliseconds = quantile(99)
        }
    }

    let valueBytes: Int
    let floor: Writes
    var writes: [Writes] = []
    let pairs: Int
    var openMilliseconds = 0.0

    init(valueBytes: Int, floor: Writes, pairs: Int) {
        self.valueBytes = valueBytes
        self.floor = floor
        self.pairs = pairs
    }

    var lines: [String] {
        let table =
            [["callers", "writes/s", "p50 ms", "p99 ms"]]
            + ([floor] + writes).map { writes in
                [
                    writes.callers.map { "\($0)" } ?? "floor", Output.text(writes.writesPerSecond, decimals: 0),
                    Output.text(writes.p50Milliseconds, decimals: 2), Output.text(writes.p99Milliseconds, decimals: 2),
                ]
            }
        let rows = table.map { row in
            row.map { String(repeating: " ", count: max(10 - $0.count, 0)) + $0 }.joined(separator: " ")
        }
        return rows + ["opening with \(pairs) pairs: \(Output.text(openMilliseconds, decimals: 0)) ms"]
    }
}
