import ArgumentParser
import FoundationEssentials
import NIOCore
import NIOPosix
import TestSupport

/// `fairlead-bench cluster`: the daemon against a real kube-apiserver.
struct Cluster: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Measure `fairlead proxy` against a real kube-apiserver: its start, single changes, memory, CPU at rest.",
        discussion: """
            Starts the given etcd and kube-apiserver in a network namespace of its own, fills them, and then the daemon as a \
            process in the same namespace, over TLS, with the default configuration.

            What the figures include: 'start' is from the start of the process to its line "ready", which follows the kernel's \
            acknowledgement of the last rule. A change is a PUT of an EndpointSlice; its time runs from the arrival of the \
            API server's answer at the writer to the commit's news on the nftables netlink group, and is 0 where the commit came \
            first. API server, etcd, writer and daemon share the machine.

            EXAMPLE
              fairlead-bench cluster --apiserver /opt/k8s/kube-apiserver --etcd /usr/bin/etcd
            """)

    @Option(help: "The path of a kube-apiserver.")
    var apiserver: String

    @Option(help: "The path of an etcd.")
    var etcd: String

    @Option(help: "The path of the daemon. (default: beside this program)")
    var fairlead: String?

    @Option(help: "How many Services, each with one EndpointSlice.")
    var services = 10_000

    @Option(help: "How many endpoints each slice has.")
    var endpoints = 10

    @Option(help: "How many single changes to measure.")
    var changes = 1_000

    @Option(help: "How often the daemon is started for the figure of its start.")
    var starts = 5

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (1...60_000).contains(services), (1...1000).contains(endpoints), (1...100_000).contains(changes),
            (1...100).contains(starts)
        else { throw ValidationError("--services, --endpoints, --changes or --starts is out of range") }
    }

    /// The others count on being the process's only thread when they wait for signals, so that the program is not async.
    func run() throws {
        try MultiThreadedEventLoopGroup.singleton.any().makeFutureWithTask { try await measure() }.wait()
    }

    private func measure() async throws {
        let program = fairlead ?? CommandLine.arguments[0].replacing("fairlead-bench", with: "fairlead")
        let run = try ClusterRun(
            KubeAPIServer.Programs(apiserver: apiserver, etcd: etcd), daemon: program, services: services,
            endpoints: endpoints)
        let measured: Result<ClusterResult, any Error>
        do {
            measured = .success(try await run.measure(changes: changes, starts: starts))
        } catch {
            measured = .failure(error)
        }
        await run.stop()
        let result = try measured.get()
        if json { try Output.printJSON(result) } else { Output.printLine(result.text) }
    }
}
