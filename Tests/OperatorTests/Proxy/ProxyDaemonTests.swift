import FoundationEssentials
import Net
import Netlink
import TestSupport
import Testing

@testable import fairlead

/// `fairlead proxy` on node 1, fed by the API of the core that `fairlead up` runs on node 2.
@Suite("fairlead proxy", .networkNamespaces, .serialized)
struct ProxyDaemonTests {
    @Test(
        "Called by kube-proxy's name with its files it serves Services, outlives the API server, and ends when its file changes",
        .timeLimit(.minutes(15)))
    func drop() async throws {
        let lab = try Lab()
        let directory = try TemporaryDirectory()
        try directory.write("manifests/pods.yaml", Self.pods)
        try directory.write("manifests/web.yaml", Self.service("web", "10.96.0.20"))
        try directory.write("config.conf", Self.configuration)
        try directory.write("kubeconfig", Self.kubeconfig)
        // As an image that takes kube-proxy's place has it.
        try directory.link("kube-proxy", to: try Self.absolute(BuiltProduct.path("fairlead")))
        func startCore() throws -> DaemonProcess {
            let core = try DaemonProcess(
                [
                    BuiltProduct.path("fairlead"), "up", "--node-name", "node-2", "--watch-manifests",
                    directory.file("manifests"), "--service-cidr", "10.96.0.0/16", "--service-cidr", "fd96::/112",
                    "--pod-cidr", "10.244.0.0/16", "--serve-api", "192.168.7.2:8001", "--serve-api-to-anyone",
                    "--in-memory", "--api-address", "off", "--pod-cidr-file", directory.file("run-2/pod-cidrs"),
                ], in: lab.otherNode.namespace)
            try core.wait()
            return core
        }
        var core = try startCore()
        let proxy = try DaemonProcess(
            [
                directory.file("kube-proxy"), "--config=config.conf", "--hostname_override", "NODE-1", "--v=2",
                "--pod-cidr-file", directory.file("run/pod-cidrs"),
            ],
            in: lab.node.namespace, directory: directory.path)
        try proxy.wait()

        let client = lab.pods[1].namespace
        let served: Set = ["pod-1-11", "pod-2-11"]
        func serves(_ address: String) throws -> Bool {
            guard case .answered(let name, _) = try client.probe(try IPAddress(address), port: 80) else { return false }
            return served.contains(name)
        }
        #expect(try serves("10.96.0.20"))
        #expect(try page(lab, "10256/healthz").hasSuffix("\n200"))
        #expect(try page(lab, "10256/livez").hasSuffix("\n200"))
        #expect(try page(lab, "10249/proxyMode") == "nftables\n200")
        #expect(try page(lab, "10249/configz").contains(#""hostnameOverride":"node-1""#))
        let metrics = try page(lab, "10249/metrics")
        #expect(metrics.contains(#"kubeproxy_sync_full_proxy_rules_duration_seconds_count{ip_family="IPv4"} 1"#))
        #expect(metrics.contains(#"fairlead_service_ports{ip_family="IPv4"} 2"#))
        let status = try Command.run("status", in: lab.node.namespace)
        #expect(status.status == 0 && status.output.contains("node-1"), "\(status.output)")

        for (folder, network) in [("run", "10.244.1.0/24"), ("run-2", "10.244.2.0/24")] {
            try await eventually { (try? directory.read("\(folder)/pod-cidrs"))?.hasSuffix(".\n\(network)\n") == true }
        }
        let result = try added(directory, lab.node.namespace)
        #expect(result.contains("10.244.1.2/"), "\(result)")

        try directory.write("manifests/more.yaml", Self.service("more", "10.96.0.21"))
        try await eventually { try serves("10.96.0.21") }
        core.kill()
        for _ in 0..<5 { #expect(try serves("10.96.0.20") && serves("10.96.0.21")) }
        // Gone while nobody was there to say so.
        try directory.remove("manifests/more.yaml")
        core = try startCore()
        try await eventually(within: .seconds(60)) { try !serves("10.96.0.21") }
        #expect(try serves("10.96.0.20"))

        try directory.write("config.conf", Self.configuration + "nodePortAddresses: [192.168.7.0/24]\n")
        try proxy.wait(forLineEnding: "config.conf has changed: ending, to be started again with it")
        #expect(try serves("10.96.0.20"), "the rules stay")
        core.kill()
        try removeAll(directory, lab)
    }

    /// What the CNI plugin says when it adds a pod whose networks it knows from the daemon's file.
    private func added(_ directory: TemporaryDirectory, _ namespace: NetworkNamespace) throws -> String {
        let program = BuiltProduct.path("fairlead-cni")
        return try Tool.run(
            "bash", "-c",
            """
            set -e
            unshare --net sleep 60 & pod=$!
            trap 'kill $pod' EXIT
            until [ "$(readlink /proc/$pod/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
            export CNI_CONTAINERID=pod-1 CNI_NETNS=/proc/$pod/ns/net CNI_IFNAME=eth0 CNI_PATH=/nowhere
            configuration='{"cniVersion": "1.1.0", "name": "pods", "type": "fairlead-cni", "mode": "ptp", "ipam": {
                "podCIDRFile": "\(directory.file("run/pod-cidrs"))", "dataDir": "\(directory.file("addresses"))"}}'
            CNI_COMMAND=ADD '\(program)' <<<"$configuration"
            CNI_COMMAND=DEL '\(program)' <<<"$configuration"
            """, in: namespace)
    }

    private func removeAll(_ directory: TemporaryDirectory, _ lab: Lab) throws {
        let file = directory.file("run/pod-cidrs")
        #expect(try directory.read("run/pod-cidrs").contains("10.244.1.0/24"), "the file stays")
        let cleanup = try Command.run("proxy --cleanup --pod-cidr-file \(file)", in: lab.node.namespace)
        #expect(cleanup.status == 0 && cleanup.output.contains("removed \(file)"), "\(cleanup.output)")
        #expect(throws: (any Error).self) { try directory.read("run/pod-cidrs") }
        #expect(try !Tool.run("nft", "list", "tables", in: lab.node.namespace).contains("table ip fairlead\n"))
    }

    @Test("What it cannot do is refused by name before anything is done")
    func refusals() throws {
        let namespace = try NetworkNamespace.create()
        for (flags, text) in [
            ("--proxy-mode=ipvs", "mode: 'ipvs'"), ("--proxy-mode kernelspace", "kernelspace"),
            ("--kubeconfig /does/not/exist", "/does/not/exist"), ("--cluster-cidr=nonsense", "clusterCIDR"),
        ] {
            let result = try Command.run(
                "proxy --conntrack-max-per-core=0 --oom-score-adj=0 \(flags) 2>&1", in: namespace)
            #expect(result.status != 0)
            #expect(result.output.contains(text), "\(result.output)")
        }
        #expect(try Tool.run("nft", "list", "tables", in: namespace) == "")
    }

    private func page(_ lab: Lab, _ place: String) throws -> String {
        try Tool.run(
            "curl", "-s", "-m", "60", "-w", "\n%{http_code}", "http://127.0.0.1:\(place)", in: lab.node.namespace)
    }

    private static func absolute(_ path: String) throws -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }

    private static let configuration = """
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        kind: KubeProxyConfiguration
        mode: nftables
        clusterCIDR: 10.244.0.0/16
        conntrack: {maxPerCore: 0, min: 0}
        oomScoreAdj: 0
        clientConnection: {kubeconfig: kubeconfig}

        """

    private static let kubeconfig = """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://192.168.7.2:8001"}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        users: [{name: u, user: {}}]
        current-context: x
        """

    private static func service(_ name: String, _ address: String) -> String {
        """
        apiVersion: v1
        kind: Service
        metadata: {name: \(name), namespace: default}
        spec: {selector: {app: web}, clusterIP: \(address), ports: [{port: 80, targetPort: 8080}]}
        """
    }

    private static let pods =
        (1...2).map { node in
            """
            apiVersion: v1
            kind: Node
            metadata: {name: node-\(node)}
            spec: {podCIDRs: [10.244.\(node).0/24]}
            status: {addresses: [{type: InternalIP, address: 192.168.7.\(node)}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: pod-\(node), namespace: default, labels: {app: web}}
            spec: {nodeName: node-\(node), containers: [{name: c, image: i}]}
            status:
              phase: Running
              podIP: 10.244.\(node).11
              podIPs: [{ip: 10.244.\(node).11}]
              conditions: [{type: Ready, status: "True"}]
            """
        }.joined(separator: "\n---\n")
}
