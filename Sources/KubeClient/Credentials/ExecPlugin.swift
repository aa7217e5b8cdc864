import FoundationEssentials
import KubeAPI

/// A program that prints credentials (`exec` of a kubeconfig's user, client.authentication.k8s.io).
package struct ExecPlugin: Sendable {
    static let group = "client.authentication.k8s.io"

    enum Version: String, Codable, Sendable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    /// A path with a slash in it, or a name that is looked up in `PATH`.
    let command: String
    let version: Version
    /// "kubeconfig kubelet.conf: user 'kube-proxy'": for errors.
    let place: String
    var arguments: [String] = []
    /// In addition to the environment of this process.
    var environment: [(name: String, value: Secret)] = []
    /// How to get the program, for the error where it does not exist.
    var installHint = ""
    /// What the plugin is told of the cluster; nil for nothing.
    var cluster: Cluster?

    init(command: String, version: Version, place: String) {
        self.command = command
        self.version = version
        self.place = place
    }

    /// What a plugin may be told of the cluster (`spec.cluster` of `KUBERNETES_EXEC_INFO`).
    struct Cluster: Sendable {
        let server: String
        let serverName: String
        let skipsVerification: Bool
        let authority: PEMSource?
        let proxy: String
        let disablesCompression: Bool
        let configuration: JSONValue?

        init(_ entry: KubeConfigDocument.Cluster, server: KubeServer) {
            self.server = server.description
            serverName = entry.serverName
            skipsVerification = entry.skipsVerification
            authority =
                entry.authorityData.map(PEMSource.data) ?? (entry.authority.isEmpty ? nil : .file(entry.authority))
            proxy = entry.proxy
            disablesCompression = entry.disablesCompression
            configuration = entry.pluginConfiguration
        }
    }
}
