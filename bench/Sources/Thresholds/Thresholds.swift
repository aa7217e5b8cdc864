import ArgumentParser
import BenchReport
import FoundationEssentials
import Netlink
import TestSupport

/// `fairlead-bench thresholds`: counts that do not depend on the machine.
struct Thresholds: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Count messages, elements, bytes and allocations of syncs, and compare them with a file.",
        discussion: """
            A full sync of 1,000 Services of 10 endpoints, and 100 changes each of endpoints that come, go and are exchanged: what is \
            sent to the kernel, and the blocks of memory that all from the event to the acknowledgement allocates (release build). The \
            same objects each time, one thread, a network namespace of its own; nothing is timed.

            EXIT STATUS
              With --check 1 when a count is above that of the file, or so far below that the file should be written anew.
            """)

    @Option(help: "The file.")
    var file = "bench/thresholds"

    @Flag(help: "Fail where the counts are not those of the file.")
    var check = false

    @Flag(help: "Write the counts into the file.")
    var write = false

    @Flag(help: .private)
    var inThisNamespace = false

    func run() throws {
        if inThisNamespace { return Output.printLine(ThresholdTable(entries: try ThresholdRun().counts()).text) }
        let namespace = try LabNamespace.create(forwards: false)
        let trace = String(try Tool.run("mktemp", in: namespace).prefix { !$0.isNewline })
        defer { _ = try? Tool.run("rm", "-f", trace, in: namespace) }
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let text = try Tool.run(
            "env", "SWIFT_DETERMINISTIC_HASHING=1", "LD_PRELOAD=libc_malloc_debug.so.0", "MALLOC_TRACE=\(trace)",
            own, "thresholds", "--in-this-namespace", in: namespace)
        let counted = try ThresholdTable(parsing: text)
        Output.printLine(counted.text)
        if write { try Data((Self.head + counted.text).utf8).write(to: URL(filePath: file)) }
        guard check else { return }
        let bounds = try ThresholdTable(parsing: String(decoding: Data(contentsOf: URL(filePath: file)), as: UTF8.self))
        let problems = bounds.problems(of: counted.entries)
        problems.forEach(StandardError.write)
        if !problems.isEmpty { throw ExitCode.failure }
    }

    private static let head = """
        # What a full sync of 1,000 Services of 10 endpoints and 100 changes of each kind may send and allocate, in a release build.
        # Written by: fairlead-bench thresholds --write


        """
}
