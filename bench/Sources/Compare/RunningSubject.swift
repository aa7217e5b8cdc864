import BenchReport
import FoundationEssentials
import Netlink
import TestSupport

/// A subject's process.
final class RunningSubject {
    let startNanoseconds: UInt64
    private let process: ChildProcess
    private let log: String

    /// - Parameter processor: that it is to run on alone, with what it starts; nil for any.
    init(_ command: [String], in namespace: NetworkNamespace, log: String, processor: Int?) throws {
        self.log = log
        let words = (processor.map { ["taskset", "-c", "\($0)"] } ?? []) + command
        startNanoseconds = MonotonicClock.nanoseconds
        process = try ChildProcess(["bash", "-c", #"exec "$@" >>"$0" 2>&1"#, log] + words, in: namespace)
    }

    deinit { kill() }

    /// Ends it as a crash would.
    func kill() { process.kill() }

    /// The end of what it wrote, for errors.
    var lastLines: String {
        let text = (try? Data(contentsOf: URL(filePath: log))).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: "\n").suffix(8).joined(separator: "\n")
    }

    /// Its own and that of programs that it ran and that have ended.
    var cpuSeconds: Double {
        get throws { try ProcessFacts(processID: process.processID).cpuSecondsWithChildren }
    }

    var peakMegabytes: Double { get throws { try ProcessFacts(processID: process.processID).peakMegabytes } }
    var residentMegabytes: Double { get throws { try ProcessFacts(processID: process.processID).memory.resident } }
}
