import ArgumentParser
import BenchReport
import NIOPosix
import Netlink
import Synchronization
import TestSupport

/// `fairlead-bench core`: what an API server takes for writes, lists and watches.
struct CoreBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "core",
        abstract: "Measure an API server from outside: writes, lists, watch fan-out, a Deployment, memory.",
        discussion: """
            Starts 'fairlead control-plane' with an empty, durable store for each figure, in a network namespace of its own; or a \
            kube-apiserver with an etcd (--apiserver, --etcd), or both, one after the other; or asks a server that runs \
            (--kubeconfig, --server), in which it makes Namespaces and Nodes whose names begin with fairlead-bench-, and deletes them at its end, \
            also at SIGINT and SIGTERM. Of such a server, memory and processor time cannot be told. Clients speak HTTP/1.1, over TLS \
            unless --plain is given, and share the processors with the server.

            EXAMPLES
              fairlead-bench core
              fairlead-bench core --apiserver ~/kube-apiserver --etcd ~/etcd --also-fairlead
              fairlead-bench core --kubeconfig ~/.kube/config --figures writes --figures watch
            """)

    @OptionGroup var plan: CorePlan

    @Option(help: "What to measure. (default: all)")
    var figures: [CoreFigure] = []

    @OptionGroup var started: ServerOptions

    @Option(help: ArgumentHelp("A kubeconfig of a server that runs.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The URL of a server that runs; over that of the kubeconfig.", valueName: "url"))
    var server: String?

    @Flag(help: "Etcd answers before a write is on the disk (--unsafe-no-fsync).")
    var unsafeNoFsync = false

    @Flag(help: "Measure fairlead beside the other server, before it.")
    var alsoFairlead = false

    @Flag(help: "Ask fairlead over plain HTTP.")
    var plain = false

    @OptionGroup var output: ReportOptions

    func validate() throws {
        guard started.apiserver == nil || (kubeconfig == nil && server == nil) else {
            throw ValidationError("--apiserver starts a server, --kubeconfig and --server name one that runs")
        }
    }

    /// - Parameter home: the network namespace that this program was started in.
    private func kinds(_ home: NetworkNamespace) -> [ServerUnderTest.Kind] {
        let own = started.own(usesTLS: !plain)
        let given: ServerUnderTest.Kind? =
            kubeconfig == nil && server == nil
            ? nil : .given(kubeconfig: kubeconfig ?? "", url: server ?? "", namespace: home)
        guard let other = started.kubernetes(syncs: !unsafeNoFsync) ?? given else { return [own] }
        return alsoFairlead ? [own, other] : [other]
    }

    /// The others count on being the process's only thread when they wait for signals, so that the program is not async.
    func run() throws {
        // A thread of a pool may have been made by one that was in another.
        let kinds = kinds(try NetworkNamespace.current())
        let given = kinds.first { if case .given = $0 { true } else { false } }
        // Before there is another thread.
        let stopSignal = given.map { _ in StopSignal() }
        let left = CoreLeftovers()
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let measuring = loop.makeFutureWithTask { try await measure(kinds, left) }
        guard let given, let stopSignal else { return try measuring.wait() }
        let hasEnded = Ended()
        measuring.whenComplete { _ in hasEnded.value.store(true, ordering: .releasing) }
        while !hasEnded.value.load(ordering: .acquiring) {
            guard stopSignal.wait(seconds: 1) else { continue }
            output.progress("core: told to end; deleting what was made …")
            try loop.makeFutureWithTask { try await left.removeAll(from: given) }.wait()
            throw ExitCode(130)
        }
        try measuring.wait()
    }

    private func measure(_ kinds: [ServerUnderTest.Kind], _ left: CoreLeftovers) async throws {
        var report = Report(command: output.command)
        let steps = (figures.isEmpty ? CoreFigure.allCases : figures).flatMap { figure in kinds.map { (figure, $0) } }
        for (number, (figure, kind)) in steps.enumerated() {
            let server = try ServerUnderTest(kind)
            left.begin(server)
            defer { left.end() }
            output.progress("core: \(figure.rawValue) of \(server.name), \(number + 1) of \(steps.count) …")
            for measurement in try await measure(figure, of: server, left) { try report.add(measurement) }
        }
        try output.write(report)
    }

    private func measure(
        _ figure: CoreFigure, of server: ServerUnderTest, _ left: CoreLeftovers
    ) async throws -> [Measurement] {
        let namespace = BenchNamespace()
        if !server.isOurs { left.insert(namespace) }
        let run: CoreRun
        do {
            run = try await CoreRun(server, plan, namespace)
        } catch {
            left.remove(namespace)
            throw error
        }
        let measured: Result<[Measurement], any Error>
        do { measured = .success(try await run.measure(figure)) } catch { measured = .failure(error) }
        do {
            try await run.finish()
            left.remove(namespace)
        } catch {
            // What was measured is right.
            StandardError.write("core: Namespace \(namespace.name) of \(server.endpoint.description) stays: \(error)")
        }
        return try measured.get()
    }
}

private final class Ended: Sendable {
    let value = Atomic(false)
}
