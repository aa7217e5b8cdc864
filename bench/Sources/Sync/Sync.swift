import ArgumentParser
import FoundationEssentials
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
            burst     As many changes at once, until the last is acknowledged.
            """)

    @Option(help: ArgumentHelp("Sizes to measure, separated by commas.", valueName: "n,n,…"))
    var services = "100,1000,10000,30000"

    @Option(help: "Endpoints of each Service.")
    var endpoints = 10

    @Option(help: "One-endpoint changes to measure at each size.")
    var changes = 2_000

    @Flag(help: "Print one line of JSON a size in place of the table.")
    var json = false

    @Flag(help: .private)
    var inThisNamespace = false

    func validate() throws {
        guard !sizes.isEmpty, sizes.allSatisfy({ (1...100_000).contains($0) }) else {
            throw ValidationError("--services: numbers from 1 to 100000, separated by commas")
        }
        guard (1...1_000).contains(endpoints), (1...1_000_000).contains(changes) else {
            throw ValidationError("--endpoints is 1 to 1000, --changes 1 to 1000000")
        }
    }

    private var sizes: [Int] { services.split(separator: ",").compactMap { Int($0) } }

    func run() throws {
        if inThisNamespace {
            return try Output.printJSON(SyncRun(services: sizes[0], endpoints: endpoints, changes: changes).measure())
        }
        if !json { Output.printLine(SyncResult.header) }
        for size in sizes {
            let line = try Tool.run(
                "/proc/self/exe", "sync", "--in-this-namespace", "--services", "\(size)", "--endpoints",
                "\(endpoints)", "--changes", "\(changes)", in: NetworkNamespace.create())
            let result = try JSONDecoder().decode(SyncResult.self, from: Data(line.utf8))
            if json { try Output.printJSON(result) } else { Output.printLine(result.row) }
        }
    }
}
