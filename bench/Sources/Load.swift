import ArgumentParser
import Net
import TestSupport

/// `fairlead-bench load`: requests over new connections, and who answered them.
struct Load: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask an address again and again and count who answers.",
        discussion: """
            Every request has a connection of its own (a socket of its own, with --udp), so that each one is balanced \
            anew; with --keep-connections each worker asks again and again on the one connection that it has. Prints the share of each server that answered, what failed, and how long the answers took from the \
            start of the connection. The servers are those of "fairlead-bench serve".

            A run is bounded: at most \(LoadPlan.requestLimit) requests and \(LoadPlan.secondsLimit) seconds.

            EXIT STATUS
              0 when every request was answered, or with --allow-failures; 1 when one was not.

            EXAMPLES
              fairlead-bench load --to 10.96.0.80:8080 --requests 1000
              fairlead-bench load --to '[fd00:10:96::80]:8080' --until-signal --rate 500
            """)

    @Option(
        help: ArgumentHelp("The address and port to ask.", valueName: "addr:port"), transform: SocketAddress.init(_:))
    var to: SocketAddress

    @Option(help: "End after this many requests. Default: 1000, where --seconds and --until-signal are absent.")
    var requests: Int?

    @Option(help: "End after this time.")
    var seconds: Int?

    @Flag(help: "End at SIGTERM or SIGINT and print then.")
    var untilSignal = false

    @Option(help: "Start this many requests a second; 0 for as many as go. Default: 0, with --until-signal 200.")
    var rate: Int?

    @Option(help: "At most this many requests at the same time.")
    var workers = 4

    @Option(help: "A request without an answer after this time has failed.")
    var timeoutMilliseconds = 1000

    @Option(
        help: ArgumentHelp("Ask from this address; port 0 for any.", valueName: "addr:port"),
        transform: SocketAddress.init(_:))
    var from: SocketAddress?

    @Flag(help: "Give each worker one connection for all its requests.")
    var keepConnections = false

    @Flag(help: "Ask over UDP.")
    var udp = false

    @Flag(help: "Exit with status 0 also when requests failed.")
    var allowFailures = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        func check(_ value: Int?, _ name: String, _ range: ClosedRange<Int>) throws {
            if let value, !range.contains(value) {
                throw ValidationError("--\(name) is \(value), not in \(range.lowerBound)…\(range.upperBound)")
            }
        }
        try check(requests, "requests", 1...LoadPlan.requestLimit)
        try check(seconds, "seconds", 1...LoadPlan.secondsLimit)
        try check(rate, "rate", 0...100_000)
        try check(workers, "workers", 1...256)
        try check(timeoutMilliseconds, "timeout-milliseconds", 1...60_000)
        if let from, from.address.family != to.address.family {
            throw ValidationError("--from \(from) and --to \(to) are not of one address family")
        }
    }

    func run() throws {
        let stopSignal = StopSignal()
        let unbounded = untilSignal || seconds != nil
        let plan = LoadPlan(
            probe: Probe(to, udp ? .udp : .tcp, timeoutMilliseconds: timeoutMilliseconds, source: from),
            requests: requests ?? (unbounded ? LoadPlan.requestLimit : 1000),
            seconds: seconds ?? LoadPlan.secondsLimit,
            requestsPerSecond: rate ?? (untilSignal ? 200 : 0),
            workers: workers,
            keepsConnections: keepConnections)
        let load = try RunningLoad(plan)
        if untilSignal {
            // Whichever is first: a load that ended at its bounds prints without waiting for the signal.
            while !load.hasEnded, !stopSignal.wait(seconds: 1) {}
            load.stop()
        }
        let report = load.finish()
        if json {
            try Output.printJSON(report)
        } else {
            Output.printLine(report.text)
        }
        if report.failedCount > 0, !allowFailures { throw ExitCode.failure }
    }
}
