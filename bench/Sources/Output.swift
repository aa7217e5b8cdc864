import BenchReport
import FoundationEssentials
import TestSupport

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
