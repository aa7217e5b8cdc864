import ArgumentParser
import BenchReport
import NIOPosix
import TestSupport

/// `fairlead-bench core`: what an API server takes for writes, lists and watches.
struct CoreBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "core",
        abstract: "Measure an API server from outside: writes, lists, watch fan-out, a Deployment, memory.",
        discussion: """
            Starts 'fairlead control-plane' with an empty, durable store for each figure, in a network namespace of its own; or a \
            kube-apiserver with an etcd (--apiserver, --etcd), or both, one after the other; or asks a server that runs \
            (--kubeconfig, --server), in which it makes and deletes the Namespace \(CoreRun.namespace). Clients speak HTTP/1.1, over TLS \
            unless --plain is given, and share the processors with the server.

            EXAMPLES
              fairlead-bench core
              fairlead-bench core --apiserver ~/kube-apiserver --etcd ~/etcd --also-fairlead
              fairlead-bench core --kubeconfig ~/.kube/config --figures writes --figures watch
            """)

    @OptionGroup var plan: CorePlan

    @Option(help: "What to measure. (default: all)")
    var figures: [CoreFigure] = []

    @Option(help: "The path of fairlead. (default: beside this program)")
    var fairlead: String?

    @Option(help: "A kubeconfig of a server that runs.")
    var kubeconfig: String?

    @Option(help: "The URL of a server that runs.")
    var server: String?

    @Option(help: "The path of a kube-apiserver.")
    var apiserver: String?

    @Option(help: "The path of an etcd for it.")
    var etcd: String?

    @Flag(help: "Etcd answers before a write is on the disk (--unsafe-no-fsync).")
    var unsafeNoFsync = false

    @Flag(help: "Measure fairlead beside the other server, before it.")
    var alsoFairlead = false

    @Option(help: "The folder on the disk that fairlead's data is to be on.")
    var folder = "."

    @Flag(help: "Ask fairlead over plain HTTP.")
    var plain = false

    @OptionGroup var output: ReportOptions

    func validate() throws {
        guard (apiserver == nil) == (etcd == nil) else { throw ValidationError("--apiserver and --etcd go together") }
        guard apiserver == nil || (kubeconfig == nil && server == nil) else {
            throw ValidationError("--apiserver starts a server, --kubeconfig and --server name one that runs")
        }
    }

    private var kinds: [ServerUnderTest.Kind] {
        let program = fairlead ?? BenchPrograms.beside("fairlead")
        let own = ServerUnderTest.Kind.fairlead(program: program, folder: folder, usesTLS: !plain)
        var other: ServerUnderTest.Kind?
        if let apiserver, let etcd {
            other = .kubernetes(KubeAPIServer.Programs(apiserver: apiserver, etcd: etcd), syncs: !unsafeNoFsync)
        } else if kubeconfig != nil || server != nil {
            other = .given(kubeconfig: kubeconfig ?? "", url: server ?? "")
        }
        return (other == nil || alsoFairlead ? [own] : []) + [other].compactMap { $0 }
    }

    /// The others count on being the process's only thread when they wait for signals, so that the program is not async.
    func run() throws {
        try MultiThreadedEventLoopGroup.singleton.any().makeFutureWithTask { try await measure() }.wait()
    }

    private func measure() async throws {
        var report = Report(command: output.command)
        for figure in figures.isEmpty ? CoreFigure.allCases : figures {
            for kind in kinds {
                output.progress("core: \(figure.rawValue) …")
                let run = try await CoreRun(ServerUnderTest(kind), plan)
                let measured: Result<[Measurement], any Error>
                do { measured = .success(try await run.measure(figure)) } catch { measured = .failure(error) }
                await run.finish()
                for measurement in try measured.get() { try report.add(measurement) }
            }
        }
        try output.write(report)
    }
}
