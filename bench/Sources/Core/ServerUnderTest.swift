import BenchReport
import Netlink
import TestSupport

/// An API server to measure, or to feed what is measured: ours or a real one, started in a network namespace of its own, or one that
/// runs already.
final class ServerUnderTest {
    enum Kind: Sendable {
        /// `fairlead control-plane`; its data lies in a folder that is made in `folder`.
        case fairlead(program: String, folder: String, usesTLS: Bool)
        /// A kube-apiserver and an etcd.
        case kubernetes(KubeAPIServer.Programs, syncs: Bool)
        /// Somebody else's, which stays as it was: what is made in it is deleted.
        ///
        /// - Parameter namespace: from where it is reached.
        case given(kubeconfig: String, url: String, namespace: NetworkNamespace)
    }

    /// "fairlead", "kube-apiserver", "server".
    let name: String
    /// Where clients of it must be.
    let namespace: NetworkNamespace
    let kubeconfig: String
    let endpoint: APIEndpoint
    private let process: DaemonProcess?
    private let kubernetes: KubeAPIServer?
    /// Of its data, where it was made for it.
    let folder: String?

    init(_ kind: Kind) throws {
        switch kind {
        case .fairlead(let program, let folder, let usesTLS):
            let namespace = try LabNamespace.create(forwards: false)
            let data = try Tool.run("mktemp", "-d", "\(folder)/fairlead-bench-XXXXXX", in: namespace)
            let directory = String(data.prefix { !$0.isNewline })
            (name, self.folder, self.namespace, kubernetes) = ("fairlead", directory, namespace, nil)
            let process = try DaemonProcess(
                [
                    program, "control-plane", "--data-dir", directory, "--api-address", Self.secureAddress,
                    "--serve-api", Self.plainAddress, "--node-name", "bench",
                ], in: namespace)
            self.process = process
            kubeconfig = "\(directory)/\(usesTLS ? "admin" : "plain").conf"
            do {
                try process.wait(seconds: 30)
                if !usesTLS { try Self.writePlainKubeconfig(kubeconfig, in: namespace) }
                endpoint = try APIEndpoint(kubeconfig: kubeconfig)
            } catch {
                process.kill()
                _ = try? Tool.run("rm", "-rf", directory, in: namespace)
                throw error
            }
        case .kubernetes(let programs, let syncs):
            let server = try KubeAPIServer(programs, syncs: syncs)
            (name, folder, process, kubernetes) = ("kube-apiserver", nil, nil, server)
            (namespace, kubeconfig) = (server.namespace, server.kubeconfig())
            endpoint = try APIEndpoint(kubeconfig: server.kubeconfig())
        case .given(let kubeconfig, let url, let namespace):
            (name, folder, process, kubernetes) = ("server", nil, nil, nil)
            (self.namespace, self.kubeconfig) = (namespace, kubeconfig)
            endpoint = try APIEndpoint(kubeconfig: kubeconfig, url: url)
        }
    }

    private static let secureAddress = "127.0.0.1:6443"
    private static let plainAddress = "127.0.0.1:8001"

    private static func writePlainKubeconfig(_ path: String, in namespace: NetworkNamespace) throws {
        let text = """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "http://\(plainAddress)"}}]
            contexts: [{name: x, context: {cluster: c, user: ""}}]
            current-context: x
            """
        try Tool.run("cp", "/dev/stdin", path, in: namespace, input: text)
    }

    /// It was started here, and goes with all that is made in it.
    var isOurs: Bool { process != nil || kubernetes != nil }

    /// Of the server's processes; empty where they are somebody else's.
    var processes: [ProcessFacts] {
        let own = process.map { [$0.processID] } ?? kubernetes?.processIDs ?? []
        return own.map(ProcessFacts.init(processID:))
    }

    /// Of all of them, in seconds.
    func cpuSeconds() throws -> Double { try processes.map { try $0.cpuSeconds }.reduce(0, +) }

    deinit {
        process?.kill()
        if let folder { _ = try? Tool.run("rm", "-rf", folder, in: namespace) }
    }
}
