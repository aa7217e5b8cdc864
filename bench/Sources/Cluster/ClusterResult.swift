import BenchReport

/// What `cluster` measured, as `--json` prints it.
struct ClusterResult: Codable {
    let services: Int
    let endpoints: Int
    /// From an empty table.
    let firstStartSeconds: Double
    /// Over the table of the one before, which was killed.
    let restartSeconds: Spread?
    /// From the API server's answer to the commit.
    let changeMicroseconds: Percentiles
    /// From the sending of the request to the commit.
    let writeToCommitMicroseconds: Percentiles
    let residentMegabytesAfterLoad: Double
    let peakMegabytes: Double
    /// Every slice was written once, as fast as the API server takes it.
    let stormSeconds: Double
    let residentMegabytesAfterStorm: Double
    /// Of ten seconds in which nothing changes.
    let idleCPUMilliseconds: Double

    struct Percentiles: Codable {
        let p50: Double
        let p99: Double
        let max: Double

        init(_ values: [Double]) throws(BenchmarkError) {
            let sorted = values.sorted()
            guard let last = sorted.last else { throw BenchmarkError(description: "nothing was measured") }
            p50 = sorted[sorted.count / 2]
            p99 = sorted[min(sorted.count * 99 / 100, sorted.count - 1)]
            max = last
        }

        var text: String { "p50 \(Int(p50)) µs, p99 \(Int(p99)) µs, max \(Int(max)) µs" }
    }

    var text: String {
        func text(_ number: Double, _ decimals: Int = 1) -> String { Output.text(number, decimals: decimals) }
        let restarts = restartSeconds.map { "\(text($0.median, 2)) s (\(text($0.min, 2))–\(text($0.max, 2)))" } ?? "–"
        return """
            \(services) Services x \(endpoints) endpoints
            start, empty table             \(text(firstStartSeconds, 2)) s
            start, over the former table   \(restarts)
            API server's answer to commit  \(changeMicroseconds.text)
            request to commit              \(writeToCommitMicroseconds.text)
            memory after the load          \(text(residentMegabytesAfterLoad)) MB (peak \(text(peakMegabytes)) MB)
            storm of all slices            \(text(stormSeconds)) s, then \(text(residentMegabytesAfterStorm)) MB
            CPU in 10 s without changes    \(text(idleCPUMilliseconds, 0)) ms
            """
    }
}
