import BenchReport
import FoundationEssentials

/// What the kernel tells of a process.
struct ProcessFacts: Sendable {
    let processID: Int32

    /// Megabytes that are resident; those that it shares are divided among their users (PSS).
    var memory: (resident: Double, proportional: Double) {
        get throws { (try field("Rss", of: "smaps_rollup"), try field("Pss", of: "smaps_rollup")) }
    }

    /// The most that ever was resident, in megabytes.
    var peakMegabytes: Double { get throws { try field("VmHWM", of: "status") } }

    /// Of processor time, since its start.
    var cpuSeconds: Double {
        get throws {
            let text = try read("stat")
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            // utime and stime are the fields 14 and 15 of proc(5), in hundredths of a second.
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
                throw BenchmarkError(description: "/proc/\(processID)/stat: \(text)")
            }
            return (user + system) / 100
        }
    }

    private func field(_ name: String, of file: String) throws -> Double {
        let line = try read(file).split(separator: "\n").first { $0.hasPrefix("\(name):") }
        guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { throw BenchmarkError(description: "/proc/\(processID)/\(file) has no \(name)") }
        return kilobytes * 1024 / 1e6
    }

    private func read(_ file: String) throws -> String {
        // Without a size, so that a read of all at once is not tried.
        String(decoding: try Data(contentsOf: URL(filePath: "/proc/\(processID)/\(file)")), as: UTF8.self)
    }
}
