import Netlink
import TestSupport
import Testing

/// A real API server with the DaemonSet's rights applied, and the daemon as a process beside it.
final class ClusterUnderTest {
    let server: KubeAPIServer
    private var daemon: DaemonProcess?

    init() throws {
        server = try KubeAPIServer(try #require(KubeAPIServer.Programs.fromEnvironment))
        // The schemas that kubectl would check it with need not be there yet.
        try kubectl("apply", "--validate=false", "-f", "packaging/kubernetes/fairlead.yaml")
        try expect(201, try server.request("POST", "/api/v1/nodes", body: Self.node))
        let configuration = """
            apiVersion: kubeproxy.config.k8s.io/v1alpha1
            kind: KubeProxyConfiguration
            mode: nftables
            hostnameOverride: node-1
            clusterCIDR: 10.244.0.0/16
            oomScoreAdj: 0
            conntrack: {maxPerCore: 0, min: 0}
            clientConnection: {kubeconfig: node.kubeconfig}
            """
        try Tool.run("cp", "/dev/stdin", configurationPath, in: server.namespace, input: configuration)
        try startDaemon()
    }

    private var configurationPath: String { "\(server.directory)/config.yaml" }

    /// Starts the daemon with the node's own account, and waits until all is in the kernel.
    func startDaemon() throws {
        let process = try DaemonProcess(
            [
                BuiltProduct.path("fairlead"), "proxy", "--config", configurationPath, "--pod-cidr-file",
                "\(server.directory)/pod-cidrs",
            ], in: server.namespace,
            directory: server.directory)
        daemon = process
        try process.wait()
    }

    /// The daemon stops to run, or goes on.
    func signalDaemon(_ name: String) throws {
        let process = try #require(daemon)
        try Tool.run("kill", "-\(name)", "\(process.processID)", in: server.namespace)
    }

    @discardableResult
    func kubectl(_ words: String..., input: String = "") throws -> String {
        try Tool.run(["kubectl", "--kubeconfig", server.kubeconfig()] + words, in: server.namespace, input: input)
    }

    /// What of a set of ours the kernel has, as `nft` prints it.
    func elements(_ set: String) throws -> String {
        try Tool.run("nft", "list", "set", "ip", "fairlead", set, in: server.namespace)
    }

    func map(_ name: String) throws -> String {
        try Tool.run("nft", "list", "map", "ip", "fairlead", name, in: server.namespace)
    }

    /// What a page of the daemon's says, with the status.
    func page(_ place: String) throws -> String {
        try Tool.run("curl", "-s", "-w", "\n%{http_code}", "http://127.0.0.1:\(place)", in: server.namespace)
    }

    func create(service name: String, address: String, endpoint: String) throws {
        try expect(
            201, try server.request("POST", "/api/v1/namespaces/default/services", body: Self.service(name, address)))
        try expect(
            201,
            try server.request(
                "POST", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", body: Self.slice(name, endpoint))
        )
    }

    func delete(service name: String) throws {
        try expect(200, try server.request("DELETE", "/api/v1/namespaces/default/services/\(name)"))
        try expect(
            200, try server.request("DELETE", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/\(name)"))
    }

    func expect(
        _ status: Int, _ answer: KubeAPIServer.Answer, _ location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(answer.status == status, "\(answer.body)", sourceLocation: location)
    }

    private static func service(_ name: String, _ address: String) -> String {
        """
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "\(name)"},
         "spec": {"clusterIP": "\(address)", "ports": [{"name": "http", "port": 80}]}}
        """
    }

    private static func slice(_ name: String, _ endpoint: String) -> String {
        """
        {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
         "metadata": {"name": "\(name)", "labels": {"kubernetes.io/service-name": "\(name)"}},
         "endpoints": [{"addresses": ["\(endpoint)"], "conditions": {"ready": true}}],
         "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}]}
        """
    }

    private static let node = """
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-1"},
         "spec": {"podCIDR": "10.244.1.0/24", "podCIDRs": ["10.244.1.0/24"]},
         "status": {"addresses": [{"type": "InternalIP", "address": "192.0.2.1"}]}}
        """
}
