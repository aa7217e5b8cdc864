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
    var cpuSeconds: Double { get throws { try cpuSeconds(fields: 11...12) } }

    /// Its threads', to the nanosecond, and of children that have ended and that it waited for, to a hundredth of a second. What threads
    /// took that have ended is not there: differences are right for processes that keep theirs.
    var cpuSecondsWithChildren: Double {
        get throws {
            let folder = "/proc/\(processID)/task"
            var nanoseconds = 0.0
            for thread in try FileManager.default.contentsOfDirectory(atPath: folder) {
                // It may just have ended.
                let text = (try? read("task/\(thread)/schedstat")) ?? ""
                nanoseconds += text.split(separator: " ").first.flatMap { Double($0) } ?? 0
            }
            return nanoseconds / 1e9 + (try cpuSeconds(fields: 13...14))
        }
    }

    /// utime, stime, cutime and cstime are the fields 14 to 17 of proc(5), in hundredths of a second.
    private func cpuSeconds(fields range: ClosedRange<Int>) throws -> Double {
        let text = try read("stat")
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > range.upperBound else {
            throw BenchmarkError(description: "/proc/\(processID)/stat: \(text)")
        }
        return fields[range].compactMap { Double($0) }.reduce(0, +) / 100
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
