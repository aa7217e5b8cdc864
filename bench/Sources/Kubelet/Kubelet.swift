import ArgumentParser
import KubeClient
import Logging
import NIOPosix
import Net
import Netlink

/// `fairlead-bench kubelet`.
struct Kubelet: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play the kubelet of the node that this network namespace is: run Pods without containers.",
        discussion: """
            Adds the Node and renews its Lease. For each Pod that is bound to it, makes a network namespace, has \
            fairlead-cni wire it, serves in it on the Pod's ports what 'serve' serves, and reports the status through the \
            API. A Pod that is deleted serves on for its preStop sleep, is unwired and then removed. While the API is away \
            everything serves on.

            It does what a demonstration of the control plane and of the plugin needs, and nothing else that a kubelet does. \
            Ends at SIGTERM, and with it its Pods.
            """)

    @Option(help: "The node's name.")
    var node: String

    @Option(help: ArgumentHelp("How to reach the API.", valueName: "file"))
    var kubeconfig: String

    @Option(
        name: .customLong("node-ip"), help: ArgumentHelp("The node's address; one a family.", valueName: "address"),
        transform: { try IPAddress($0) })
    var addresses: [IPAddress]

    @Option(
        name: .customLong("pod-cidr"),
        help: ArgumentHelp("The network of the node's Pods; one a family.", valueName: "cidr"),
        transform: { try IPPrefix($0) })
    var podNetworks: [IPPrefix]

    @Option(help: ArgumentHelp("The executable fairlead-cni.", valueName: "file"))
    var plugin: String

    @Option(help: ArgumentHelp("Where the plugin keeps its leases.", valueName: "dir"))
    var dataDir: String

    /// Other commands count on being the process's only thread, so that the program is not async.
    func run() throws {
        let logger = Logger(label: "kubelet")
        let api = try KubeletClient(kubeconfig: kubeconfig, logger: logger)
        let wiring = KubeletWiring(plugin: plugin, dataFolder: dataDir, networks: podNetworks)
        let loop = KubeletLoop(
            node: KubeletNode(name: node, addresses: addresses, podNetworks: podNetworks), api: api, wiring: wiring,
            host: try NetworkNamespace.current())
        try MultiThreadedEventLoopGroup.singleton.any().makeFutureWithTask { try await loop.run() }.wait()
    }
}
