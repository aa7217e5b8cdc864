import ArgumentParser
import BenchReport
import NIOPosix
import Netlink
import TestSupport

/// `fairlead-bench compare`: how long after the change the packet is right, for Fairlead and for others.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure service proxies from outside: from a write to the kernel's commit and to the first packet.",
        discussion: """
            An API server feeds each subject in turn: 'fairlead control-plane' over plain HTTP, or a real kube-apiserver \
            (--apiserver, --etcd). Subjects run as processes in the server's network namespace, one at a time, beginning with another \
            each round; between two of them the kernel's rules are flushed. A subject has a processor for itself, where there are two or \
            more, and everything else has the others.

            A peer is a name and a command, whose words are separated by spaces and may hold placeholders: {kubeconfig}, {node}, \
            {cluster-cidr}, and {config} and {config-iptables}, files of a KubeProxyConfiguration in mode nftables and iptables with a \
            minSyncPeriod of 1 ms.

            EXAMPLES
              fairlead-bench compare --services 1000 --peer 'kube-proxy=/opt/k8s/kube-proxy --config {config}'
              fairlead-bench compare --services 100,10000 --scenario cold-start --scenario endpoint-change
            """)

    @Option(help: ArgumentHelp("Sizes to measure, separated by commas.", valueName: "n,n,…"))
    var services = "100,1000"

    @Option(help: "Endpoints of each Service.")
    var endpoints = 10

    @Option(help: "The Services' address families: ipv4, ipv6 or dual; packets go over the first.")
    var families = WorkloadSize.Families.ipv4

    @Option(name: .customLong("scenario"), help: "What to measure. (default: all)")
    var scenarios: [CompareScenario] = []

    @Option(
        name: .customLong("peer"), help: ArgumentHelp("What to measure beside Fairlead.", valueName: "name=command"))
    var peers: [String] = []

    @OptionGroup var server: ServerOptions

    @Flag(help: "Leave it to the kernel which processor runs what.")
    var noPin = false

    @Option(help: ArgumentHelp("An earlier fairlead, as a peer whose name is 'before'.", valueName: "file"))
    var before: String?

    @OptionGroup var plan: ComparePlan
    @OptionGroup var output: ReportOptions

    func validate() throws {
        guard !sizes.isEmpty, sizes.count == services.split(separator: ",").count,
            sizes.allSatisfy({ (10...50_000).contains($0) }), (1...100).contains(endpoints)
        else {
            throw ValidationError("--services: numbers from 10 to 50000, separated by commas; --endpoints is 1 to 100")
        }
        guard sizes.allSatisfy({ $0 * endpoints <= 4_000_000 }) else {
            throw ValidationError("at most 4,000,000 endpoints in all")
        }
    }

    private var sizes: [Int] { services.split(separator: ",").compactMap { Int($0) } }

    func run() throws {
        let processor = noPin ? nil : try ProcessorPlan.divide()
        try MultiThreadedEventLoopGroup.singleton.any().makeFutureWithTask { try await measure(processor) }.wait()
    }

    private func measure(_ processor: Int?) async throws {
        let own = [Subject.fairlead(server.program)] + (before.map { [Subject.fairlead($0, name: "before")] } ?? [])
        let subjects = own + (try peers.map { try Subject(parsing: $0) })
        guard Set(subjects.map(\.name)).count == subjects.count else {
            throw BenchmarkError(description: "two peers have one name")
        }
        let kind = server.kubernetes(syncs: false) ?? server.own(usesTLS: false)
        var report = Report(command: output.command)
        report.machine.tools = try ToolVersions.read()
        for size in sizes {
            let run = try await CompareRun(
                kind, size: WorkloadSize(services: size, endpoints: endpoints, families: families), plan: plan,
                scenarios: Set(scenarios.isEmpty ? CompareScenario.allCases : scenarios), processor: processor,
                progress: output.progress)
            let measured: Result<[Measurement], any Error>
            do {
                try await run.fill()
                measured = .success(try await run.measure(subjects))
            } catch {
                measured = .failure(error)
            }
            await run.stop()
            for measurement in try measured.get() { try report.add(measurement) }
        }
        try output.write(report)
    }
}

extension WorkloadSize.Families: ExpressibleByArgument {}
