import FoundationEssentials
import TestSupport

/// What the commands print on standard output.
enum Output {
    static func printLine(_ line: String) { writeToStandardOutput(line: line) }

    /// A number with so many decimals.
    static func text(_ number: Double, decimals: Int) -> String {
        let unit = (0..<decimals).reduce(1.0) { result, _ in result * 10 }
        let rounded = Int64((number * unit).rounded())
        guard decimals > 0 else { return "\(rounded)" }
        let fraction = "\(rounded % Int64(unit))"
        return "\(rounded / Int64(unit))." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// One line of JSON with sorted keys.
    static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        printLine(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
