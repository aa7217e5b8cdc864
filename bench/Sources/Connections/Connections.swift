import ArgumentParser
import BenchReport
import FoundationEssentials
import Net
import TestSupport

/// `fairlead-bench connections`: what the rules cost the first packet.
struct Connections: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure new connections over Fairlead's rules, over one dnat rule and without any.",
        discussion: """
            A client, a server and a forwarding node for each path, in network namespaces of their own on this machine, \
            so that client, node and server share its processors. In each round every path has its turn, in another \
            order, with an empty conntrack table; the first round is not counted.

            PATHS
              direct            to the endpoint: no table, no NAT, no conntrack
              tracked           to the endpoint, past dnat's rules for another address: conntrack alone
              dnat              one hand-written rule for each protocol, in one NAT chain, to one endpoint
              dnat-again        the same: its difference from dnat is what the run cannot tell apart
              dnat-masquerade   the same and "masquerade fully-random": compare NodePorts with it
              fairlead          Fairlead's table of so many Services of 10 endpoints. The client counts as a pod, so that \
            its connections to the ClusterIP keep their address; those to the NodePort are masqueraded
              fairlead-counts   with the first of the numbers: conntrack counts (nf_conntrack_acct) and tells a listening             daemon of each flow's end. The ends come after a round; what they cost the daemon is not in the figures

            FIGURES
              connections/s     of all workers: socket, bind to a port of its own, connect, close by a reset (TCP); \
            socket, bind, connect, one byte there and back, close (UDP)
              p50, p99          TCP: the call of connect, that is the SYN and its answer; UDP: the byte there and back. \
            With several workers it has the waiting for a processor in it: --workers 1 has the packet's way alone
              of dnat           divided by dnat's figure of the same round
            Each is the median of the rounds (min…max).

            A connection that fails, or that conntrack did not see as a new one, ends the run with status 1.
            """)

    @Option(help: ArgumentHelp("Numbers of Services, separated by commas.", valueName: "n,n,…"))
    var services = "1,1000,10000,30000"

    @Option(help: "New connections in each round over each path.")
    var connections = 10_000

    @Option(help: "Rounds that count.")
    var rounds = 7

    @Option(help: "Threads that connect at the same time.")
    var workers = 2

    @Option(help: "End with an error after this time.")
    var seconds = 600

    @Option(help: ArgumentHelp("Write a report as JSON into this file, too.", valueName: "file"))
    var out: String?

    @Flag(help: "Print JSON in place of the table.")
    var json = false

    func validate() throws {
        guard sizes.count == services.split(separator: ",").count, (1...6).contains(sizes.count),
            Set(sizes).count == sizes.count, sizes.allSatisfy({ (1...60_000).contains($0) })
        else { throw ValidationError("--services: up to six different numbers from 1 to 60000, separated by commas") }
        guard (1...ConnectionBurst.sourcePorts.count).contains(connections), (1...100).contains(rounds),
            (1...64).contains(workers), (1...3_600).contains(seconds)
        else {
            throw ValidationError(
                "--connections is 1 to \(ConnectionBurst.sourcePorts.count), --rounds 1 to 100, --workers 1 to 64, "
                    + "--seconds 1 to 3600")
        }
    }

    private var sizes: [Int] { services.split(separator: ",").compactMap { Int($0) } }

    func run() throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        let paths = ConnectionPath.all(services: sizes)
        let lab = try ConnectionLab(paths)
        for path in paths { try lab.awaitPath(path, deadline: min(deadline, .now + .seconds(10))) }
        let results = try [L4Protocol.tcp, .udp].flatMap { try measure($0, paths, lab, deadline) }
        if let out {
            var report = Report(command: ReportOptions.commandLine)
            for measurement in results.flatMap(\.measurements) { try report.add(measurement) }
            try report.json.write(to: URL(filePath: out))
        }
        if json {
            return try Output.printJSON(
                ConnectionReport(connections: connections, rounds: rounds, workers: workers, results: results))
        }
        Output.printLine(ConnectionResult.header)
        for result in results { Output.printLine(result.row) }
    }

    private func measure(
        _ transport: L4Protocol, _ paths: [ConnectionPath], _ lab: ConnectionLab, _ deadline: ContinuousClock.Instant
    ) throws -> [ConnectionResult] {
        var measured: [ConnectionPath: [ConnectionBurst.Result]] = [:]
        for round in 0...rounds {
            Progress.tell(
                "connections: \(transport), \(paths.count) paths, \(round == 0 ? "warm-up" : "round \(round) of \(rounds)") …"
            )
            let first = round % paths.count
            for path in paths[first...] + paths[..<first] {
                let result = try lab.burst(
                    path, transport, connections: connections, workers: workers, deadline: deadline)
                if round > 0 { measured[path, default: []].append(result) }
            }
        }
        return try paths.map {
            try ConnectionResult(
                $0, transport: transport.description, rounds: measured[$0] ?? [],
                baseline: measured[.baseline] ?? [])
        }
    }
}
