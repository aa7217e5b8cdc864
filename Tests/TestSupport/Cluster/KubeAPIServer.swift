import Glibc
import Netlink

/// A real kube-apiserver with an etcd of its own, from programs that somebody has, on the loopback interface of a network
/// namespace of its own. Everything ends and goes with it.
package final class KubeAPIServer {
    /// Paths of the programs.
    package struct Programs: Sendable {
        package let apiserver: String
        package let etcd: String

        package init(apiserver: String, etcd: String) {
            self.apiserver = apiserver
            self.etcd = etcd
        }

        /// What the variables `FAIRLEAD_APISERVER` and `FAIRLEAD_ETCD` name; nil when one is not set.
        package static var fromEnvironment: Programs? {
            guard let apiserver = getenv("FAIRLEAD_APISERVER"), let etcd = getenv("FAIRLEAD_ETCD") else { return nil }
            return Programs(apiserver: String(cString: apiserver), etcd: String(cString: etcd))
        }
    }

    /// What a request got.
    package struct Answer {
        package let status: Int
        package let body: String
    }

    package static let url = "https://127.0.0.1:6443"
    package static let etcdURL = "http://127.0.0.1:2379"

    package let namespace: NetworkNamespace
    /// Holds certificates, data and logs; goes with the server.
    package let directory: String
    private let programs: Programs
    private let serviceCIDRs: String
    private var etcd: ChildProcess?
    private var server: ChildProcess?

    /// Starts both and waits until the server is ready.
    ///
    /// - Parameters:
    ///   - serviceCIDRs: what ClusterIPs are of.
    ///   - syncs: etcd answers a write once it is on the disk, as it does where nothing else is said.
    /// - Throws: `Tool.Failure`, whose output is the end of the server's log when it does not get ready.
    package init(
        _ programs: Programs, serviceCIDRs: String = "10.96.0.0/12,fd00:10:96::/112", syncs: Bool = false
    ) throws {
        self.programs = programs
        self.serviceCIDRs = serviceCIDRs
        namespace = try NetworkNamespace.create()
        let made = try Tool.run("mktemp", "-d", in: namespace)
        directory = String(made.prefix { !$0.isWhitespace })
        try Tool.run("bash", "-c", Self.preparation, "_", directory, Self.url, in: namespace)
        etcd = try run(
            """
            '\(programs.etcd)' --data-dir \(directory)/etcd --listen-client-urls \(Self.etcdURL) \
            --advertise-client-urls \(Self.etcdURL) --listen-peer-urls http://127.0.0.1:2380\(syncs ? "" : " --unsafe-no-fsync")
            """, log: "etcd.log")
        try start()
    }

    deinit {
        stop()
        etcd?.kill()
        _ = try? Tool.run("rm", "-rf", directory, in: namespace)
    }

    /// Starts the API server, which `stop()` has ended, and waits until it is ready.
    package func start() throws {
        server = try run(
            """
            '\(programs.apiserver)' --etcd-servers \(Self.etcdURL) --bind-address 127.0.0.1 --secure-port 6443 \
            --advertise-address 192.0.2.1 --endpoint-reconciler-type none --cert-dir \(directory)/certificates \
            --service-cluster-ip-range \(serviceCIDRs) --authorization-mode RBAC --allow-privileged=true \
            --token-auth-file \(directory)/tokens.csv --service-account-issuer https://kubernetes.default.svc \
            --service-account-key-file \(directory)/accounts.key --service-account-signing-key-file \(directory)/accounts.key \
            --max-requests-inflight 0 --max-mutating-requests-inflight 0 --enable-priority-and-fairness=false
            """, log: "apiserver.log")
        let wait = """
            for _ in $(seq 600); do
                [ "$(curl -sk -H 'Authorization: Bearer admin' \(Self.url)/readyz)" = ok ] && exit 0; sleep 0.2
            done
            tail -n 30 \(directory)/apiserver.log; exit 1
            """
        try Tool.run("bash", "-c", wait, in: namespace)
    }

    /// The kernel's numbers of etcd and, while it runs, the API server.
    package var processIDs: [Int32] { [etcd, server].compactMap { $0?.processID } }

    /// Kills the API server; etcd goes on.
    package func stop() {
        server?.kill()
        server = nil
    }

    /// The path of a kubeconfig for one of the tokens `admin` and `node`.
    package func kubeconfig(_ token: String = "admin") -> String { "\(directory)/\(token).kubeconfig" }

    /// Asks the server; the body of a request is JSON.
    package func request(_ method: String, _ path: String, body: String = "") throws -> Answer {
        let type = method == "PATCH" ? "application/merge-patch+json" : "application/json"
        let output = try Tool.run(
            "curl", "-sk", "-X", method, "-H", "Authorization: Bearer admin", "-H", "Content-Type: \(type)",
            "--data-binary", "@-", "-w", "\n%{http_code}", Self.url + path, in: namespace, input: body)
        guard let end = output.lastIndex(of: "\n"), let status = Int(output[output.index(after: end)...]) else {
            throw Tool.Failure(command: ["curl", path], status: 0, output: output)
        }
        return Answer(status: status, body: String(output[..<end]))
    }

    private func run(_ command: String, log: String) throws -> ChildProcess {
        let words = "exec \(command) >>\(directory)/\(log) 2>&1"
        return try ChildProcess(["bash", "-c", words], in: namespace)
    }

    /// Tokens in place of certificates: who a client is, the file says. The second is what the DaemonSet's account would be.
    private static let preparation = """
        set -eu
        cd "$1"
        ip link set lo up
        ip address add 192.0.2.1/32 dev lo
        openssl genrsa -out accounts.key 2048 2>/dev/null
        cat >tokens.csv <<'END'
        admin,admin,1,"system:masters"
        node,system:serviceaccount:kube-system:fairlead,2,"system:serviceaccounts,system:serviceaccounts:kube-system"
        END
        for user in admin node; do
            cat >$user.kubeconfig <<END
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "$2", certificate-authority: certificates/apiserver.crt}}]
        users: [{name: u, user: {token: $user}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        END
            chmod 600 $user.kubeconfig
        done
        """
}
