import ArgumentParser
import BenchReport
import FoundationEssentials
import NIOPosix
import Netlink
import TestSupport

/// `fairlead-bench sync`: how long after a change the kernel has it.
struct Sync: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure full syncs and one-endpoint changes, from event to the kernel's acknowledgement.",
        discussion: """
            Each size is measured by a process of its own in a network namespace of its own, one after the other: \
            the core's store in memory feeds the proxy, and the proxy the nftables back end, as in 'fairlead up'.

            full      From submitting the first of all events to the acknowledgement of the whole table: taking the \
            objects from the store, applying the events as they come, planning, encoding, the kernel's work.
            restart   The same by a second proxy over the existing table, which it replaces in one transaction.
            change    One endpoint of one Service is added, removed or replaced (8 to 12 endpoints around the given \
            10, so that some changes move the Service to another size class): from submitting the EndpointSlice to \
            the acknowledgement. One at a time, \(SyncRun.pauseMicroseconds) µs apart.
            kernel, wake, start  Of a change: the kernel's part; from submitting it until the sync thread comes to             take it; and until it has resolved it and starts to commit.
            burst     As many changes at once, until the last is acknowledged.
            floor     The very transaction of the full sync, encoded before and sent into a namespace without a table:             what the kernel alone takes. In turn with it, for --rounds rounds, the same state is written by the back             end alone ("back end": from desired state to acknowledgement) and by a new proxy and back end ("event": as             "full"). The table has the medians, JSON their spread, too; "of floor" is divided by the round's floor.

            With --memory, the resident memory after a full sync instead, of two processes a size: one with the core's             store, one whose events are dropped once submitted. The store's part is what filling it took, the proxy's             (and the data plane's) what the sync then took; both include what the allocator keeps of what was freed.
            """)

    @Option(help: ArgumentHelp("Sizes to measure, separated by commas.", valueName: "n,n,…"))
    var services = "100,1000,10000,30000"

    @Option(help: "Endpoints of each Service.")
    var endpoints = 10

    @Option(help: "One-endpoint changes to measure at each size.")
    var changes = 2_000

    @Option(help: "Full writes of each kind beside the floor.")
    var rounds = 5

    @Flag(help: "Measure memory instead of time.")
    var memory = false

    @Flag(help: "Measure memory without the core's store only.")
    var noStore = false

    @Flag(help: "Print one line of JSON a size in place of the table.")
    var json = false

    @Option(help: ArgumentHelp("Write a report as JSON into this file, too.", valueName: "file"))
    var out: String?

    @Flag(help: .private)
    var inThisNamespace = false

    func validate() throws {
        guard !sizes.isEmpty, sizes.allSatisfy({ (1...100_000).contains($0) }) else {
            throw ValidationError("--services: numbers from 1 to 100000, separated by commas")
        }
        guard (1...1_000).contains(endpoints), (1...1_000_000).contains(changes), (1...100).contains(rounds) else {
            throw ValidationError("--endpoints is 1 to 1000, --changes 1 to 1000000, --rounds 1 to 100")
        }
        // Each change of the warm-up, of those one by one and of the burst may add a pod.
        guard (sizes.max() ?? 0) * endpoints + 3 * changes < SyntheticCluster.podLimit else {
            throw ValidationError("there are not so many pods: at most \(SyntheticCluster.podLimit)")
        }
    }

    private var sizes: [Int] { services.split(separator: ",").compactMap { Int($0) } }

    func run() throws {
        if inThisNamespace {
            let run = SyncRun(services: sizes[0], endpoints: endpoints, changes: changes, rounds: rounds)
            return try MultiThreadedEventLoopGroup.singleton.any().makeFutureWithTask {
                if memory {
                    try Output.printJSON(try await MemoryRun(sync: run, hasStore: !noStore).measure())
                } else {
                    try Output.printJSON(try await run.measure())
                }
            }.wait()
        }
        let measuresMemory = memory || noStore
        if !json { Output.printLine(measuresMemory ? MemoryResult.header : SyncResult.header) }
        var report = Report(command: ReportOptions.commandLine)
        for (number, size) in sizes.enumerated() {
            Progress.tell("sync: \(size) Services of \(endpoints) endpoints, size \(number + 1) of \(sizes.count) …")
            if !measuresMemory {
                let result = try measure(size, [], SyncResult.self) { $0.row }
                for measurement in result.measurements { try report.add(measurement) }
            }
            if measuresMemory, !noStore { _ = try measure(size, ["--memory"], MemoryResult.self) { $0.row } }
            if measuresMemory { _ = try measure(size, ["--memory", "--no-store"], MemoryResult.self) { $0.row } }
        }
        if let out { try report.json.write(to: URL(filePath: out)) }
    }

    /// Runs this program for one size and prints what it came to.
    private func measure<Result: Codable>(
        _ size: Int, _ flags: [String], _ type: Result.Type, row: (Result) -> String
    ) throws -> Result {
        let command =
            [
                "/proc/self/exe", "sync", "--in-this-namespace", "--services", "\(size)", "--endpoints",
                "\(endpoints)", "--changes", "\(changes)", "--rounds", "\(rounds)",
            ] + flags
        let line = try Tool.run(command, in: NetworkNamespace.create())
        let result = try JSONDecoder().decode(type, from: Data(line.utf8))
        if json { try Output.printJSON(result) } else { Output.printLine(row(result)) }
        return result
    }
}
