import BenchReport
import FoundationEssentials
import Netlink
import TestSupport

/// A daemon process whose log comes line by line.
struct MeasuredDaemon {
    let start = ContinuousClock.now
    private let process: DaemonProcess

    init(_ command: [String], in namespace: NetworkNamespace) throws {
        process = try DaemonProcess(command, in: namespace)
    }

    /// Waits for the line that says that all is in the kernel.
    ///
    /// - Returns: seconds since the start.
    func waitUntilReady() throws -> Double {
        try process.wait()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// Ends it as a crash would.
    func kill() { process.kill() }

    /// Megabytes of memory that are resident, and the most that ever were.
    var memory: (resident: Double, peak: Double) {
        get throws { (try status("VmRSS"), try status("VmHWM")) }
    }

    /// Of processor time, since its start.
    var cpuMilliseconds: Double {
        get throws {
            let text = try String(contentsOfFile: "/proc/\(process.processID)/stat", encoding: .utf8)
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            // utime and stime are the fields 14 and 15 of proc(5), in hundredths of a second.
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
                throw BenchmarkError(description: "/proc/PID/stat: \(text)")
            }
            return (user + system) * 10
        }
    }

    private func status(_ name: String) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process.processID)/status", encoding: .utf8)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("\(name):") }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { throw BenchmarkError(description: "/proc/PID/status has no \(name)") }
        return kilobytes / 1000
    }
}
