import TestSupport

/// Outcomes, counted.
struct LoadTally: Sendable {
    /// By the name of the server.
    private(set) var answered: [String: Int] = [:]
    private(set) var refused = 0
    private(set) var timedOut = 0
    private(set) var reset = 0
    /// By `errno`.
    private(set) var otherFailures: [Int32: Int] = [:]
    /// Of the answered, in no order.
    private(set) var latenciesMicroseconds: [UInt32] = []

    mutating func count(_ outcome: Probe.Outcome, duration: Duration) {
        switch outcome {
        case .answered(let name, _):
            answered[name, default: 0] += 1
            latenciesMicroseconds.append(UInt32(clamping: duration.microseconds))
        case .refused: refused += 1
        case .timedOut: timedOut += 1
        case .reset: reset += 1
        case .failed(let code): otherFailures[code, default: 0] += 1
        }
    }

    mutating func add(_ other: LoadTally) {
        answered.merge(other.answered, uniquingKeysWith: +)
        refused += other.refused
        timedOut += other.timedOut
        reset += other.reset
        otherFailures.merge(other.otherFailures, uniquingKeysWith: +)
        latenciesMicroseconds += other.latenciesMicroseconds
    }
}

extension Duration {
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
