import BenchReport
import FoundationEssentials
import Netlink
import TestSupport

/// What is being measured, on standard error.
enum Progress {
    private static let start = ContinuousClock.now

    /// Writes a line with the time since the first.
    static func tell(_ line: String) {
        StandardError.write("\(Output.text((ContinuousClock.now - start) / .seconds(1), decimals: 0)) s  \(line)")
    }
}

/// What the commands print on standard output.
enum Output {
    static func printLine(_ line: String) { writeToStandardOutput(line: line) }

    /// A number with so many decimals.
    static func text(_ number: Double, decimals: Int) -> String { number.text(decimals: decimals) }

    /// One line of JSON with sorted keys.
    static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        printLine(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
