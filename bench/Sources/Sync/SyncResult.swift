import BenchReport

/// What one size cost.
struct SyncResult: Codable {
    /// A distribution of latencies, in microseconds.
    struct Latency: Codable {
        let p50: Double
        let p99: Double
        let max: Double

        init(nanoseconds: [UInt64]) {
            let sorted = nanoseconds.sorted()
            func at(_ fraction: Double) -> Double {
                guard let last = sorted.indices.last else { return 0 }
                return Double(sorted[Int((Double(last) * fraction).rounded())]) / 1_000
            }
            (p50, p99, max) = (at(0.5), at(0.99), at(1))
        }
    }

    let services: Int
    let endpoints: Int
    let fullMilliseconds: Double
    /// The part of it that the kernel worked on the transaction.
    let kernelMilliseconds: Double
    let fullElements: Int
    let fullBytes: Int
    let restartMilliseconds: Double
    let changes: Int
    let changeMicroseconds: Latency
    let changeElements: Double
    let changeBytes: Double
    let burstMilliseconds: Double
    let burstCommits: Int
    /// Resident memory of the process after the full sync, and its highest.
    let residentMegabytes: Double
    let peakMegabytes: Double
    /// Full writes of the same state, each into a namespace without a table: the encoded transaction alone, the back end,
    /// and everything from the first event on.
    let floorMilliseconds: Spread
    let backEndMilliseconds: Spread
    let eventMilliseconds: Spread
    /// To the floor of the same round.
    let backEndRatio: Spread
    let eventRatio: Spread
    /// The kernel's part of one-endpoint changes.
    let changeKernelMicroseconds: Latency
    /// From submitting one until the sync thread takes it, and until it starts to commit it.
    let changeWakeMicroseconds: Latency
    let changeStartMicroseconds: Latency

    /// One number a round, and all durations: the raw data.
    let floorRounds: [Double]
    let backEndRounds: [Double]
    let eventRounds: [Double]
    let changeHistogram: Histogram
    let kernelHistogram: Histogram

    static let header = columns(
        "services", "full ms", "kernel ms", "elements", "MB", "restart ms", "change p50 µs", "p99 µs", "max µs",
        "elem/commit",
        "B/commit", "burst ms", "commits", "RSS MB", "peak MB", "floor ms", "back end ms", "of floor", "event ms",
        "of floor",
        "kernel p50 µs", "kernel p99", "wake p50 µs", "wake p99", "start p50 µs", "start p99")

    var row: String {
        Self.columns(
            "\(services) × \(endpoints)", Self.text(fullMilliseconds), Self.text(kernelMilliseconds),
            "\(fullElements)",
            Self.text(Double(fullBytes) / 1e6), Self.text(restartMilliseconds), Self.text(changeMicroseconds.p50),
            Self.text(changeMicroseconds.p99), Self.text(changeMicroseconds.max), Self.text(changeElements),
            Self.text(changeBytes), Self.text(burstMilliseconds), "\(burstCommits)", Self.text(residentMegabytes),
            Self.text(peakMegabytes), Self.text(floorMilliseconds.median), Self.text(backEndMilliseconds.median),
            Output.text(backEndRatio.median, decimals: 2), Self.text(eventMilliseconds.median),
            Output.text(eventRatio.median, decimals: 2), Self.text(changeKernelMicroseconds.p50),
            Self.text(changeKernelMicroseconds.p99), Self.text(changeWakeMicroseconds.p50),
            Self.text(changeWakeMicroseconds.p99), Self.text(changeStartMicroseconds.p50),
            Self.text(changeStartMicroseconds.p99))
    }

    private static func columns(_ texts: String...) -> String {
        texts.map { String(repeating: " ", count: max(13 - $0.count, 0)) + $0 }.joined(separator: " ")
    }

    /// One decimal.
    private static func text(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
}
