import ArgumentParser
import FoundationEssentials
import Net
import Netlink
import TestSupport

/// `fairlead-bench soak`: many changes, kills and connections at once, and what is left of each.
struct Soak: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Change endpoints at a rate for long, kill the daemon now and then, and look whether anything is lost.",
        discussion: """
            Two nodes, pods and a client in network namespaces. On node 1 the proxy and its sync thread run in a process of \
            their own, which is told of the changes and is ended by SIGKILL at random; after each kill some changes go by \
            before the next one starts. All along, connections through the Services are held open and new ones are made.

            Afterwards the kernel must have what a full sync from empty makes of the last objects, every connection that was \
            held must have had its server to the end, and every new one must have been answered.

            EXIT STATUS
              0 when nothing was lost; 1 when something was, or when it cannot run.

            EXAMPLE
              fairlead-bench soak --changes 5000 --kills 3
            """)

    @Option(help: "How many changes to make.")
    var changes = 200_000

    @Option(help: "How many changes to make a second, at most.")
    var rate = 1_000

    @Option(help: "How often to kill the daemon.")
    var kills = 40

    @Option(help: "How many Services there are beside those that are connected to.")
    var services = 200

    @Option(help: "What the random sequence starts from.")
    var seed: UInt64 = 1

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (1...10_000_000).contains(changes), (1...100_000).contains(rate), (0...10_000).contains(kills),
            (1...10_000).contains(services), kills < changes
        else { throw ValidationError("--changes, --rate, --kills or --services is out of range") }
    }

    func run() throws {
        var run = try SoakRun(changes: changes, rate: rate, kills: kills, services: services, seed: seed)
        let report = try run.run()
        if json {
            try Output.printJSON(report)
        } else {
            Output.printLine(report.text)
        }
        if !report.isClean { throw ExitCode.failure }
    }
}
