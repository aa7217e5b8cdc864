import BenchReport
import FoundationEssentials

/// The process's own memory.
enum Memory {
    /// A line of /proc/self/status, which counts in kB.
    static func megabytes(_ field: String) throws -> Double {
        let status = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/status")), as: UTF8.self)
        for line in status.split(separator: "\n") where line.hasPrefix("\(field):") {
            if let kilobytes = line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap({
                Double($0)
            }) {
                return kilobytes / 1_000
            }
        }
        throw BenchmarkError(description: "/proc/self/status has no \(field)")
    }
}
