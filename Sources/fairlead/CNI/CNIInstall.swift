import ArgumentParser
import CNI
import FoundationEssentials
import Net
import Netlink

/// `fairlead cni install`.
struct CNIInstall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Put the plugin and a conflist for it where the container runtime looks.",
        discussion: """
            Writes the plugin, a link 'loopback' to it where there is no plugin of that name, and the conflist, each under \
            another name in the same folder first: runtimes see a whole file or the old one, and plugins that run go on. What \
            is already there as it should be is not touched, so that this may be run at any time, for an upgrade with pods \
            running, too.

            The conflist says cniVersion 1.0.0 and offers 1.1.0: containerd 1.6 and podman 4 read it, and newer runtimes \
            use GC and STATUS.

            The pods' networks are those of --pod-cidr, or with --kubeconfig those of the Node object's spec.podCIDRs. With neither the \
            conflist names none, and the plugin takes those of the file \(PodCIDRFile.defaultPath), one a line, which some agent of the \
            node has to write at each boot: until then no pod starts, and STATUS says why.

            EXAMPLES
              fairlead cni install --kubeconfig /etc/kubernetes/kubelet.conf --node-name node-1
              fairlead cni install --pod-cidr 10.244.1.0/24 --pod-cidr fd00:10:244:1::/64
              fairlead cni install --mode bridge --pod-cidr 10.244.1.0/24 --mtu 1450
            """)

    @OptionGroup var options: InstallationOptions

    @Option(
        help: ArgumentHelp(
            "ptp: each pod has a routed link of its own. bridge: pods are ports of a bridge.", valueName: "mode"))
    var mode = NetworkConfigurationList.Mode.ptp

    @Option(help: ArgumentHelp("The bridge of --mode bridge.", valueName: "name"))
    var bridge = "cni0"

    @Option(
        name: .customLong("pod-cidr"),
        help: ArgumentHelp(
            "The network of this node's pods; may be given several times. Pods get an address of each family.",
            valueName: "cidr"), transform: IPPrefix.init(argument:))
    var podCIDRs: [IPPrefix] = []

    @Option(help: ArgumentHelp("For the API server that has the Node object.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The name of the Node object. (default: the host name)", valueName: "name"))
    var nodeName: String?

    @Option(
        help: ArgumentHelp("Of the pods' links. (default: that of the link with the default route)", valueName: "bytes")
    )
    var mtu: Int?

    @Flag(inversion: .prefixedNo, help: "Masquerade what leaves the pod network.")
    var masquerade = true

    @Option(help: ArgumentHelp("The network's name.", valueName: "name"))
    var name = "fairlead"

    @Option(
        help: ArgumentHelp(
            "The plugin to install. (default: fairlead-cni beside this program, or in ../lib/cni)", valueName: "file"))
    var plugin: String?

    /// The kernel's bound for names of interfaces, without the NUL (IFNAMSIZ).
    private static let maximumNameByteCount = 15

    func validate() throws {
        guard podCIDRs.isEmpty || kubeconfig == nil else {
            throw ValidationError("--pod-cidr and --kubeconfig exclude each other: the Node object says the networks")
        }
        guard kubeconfig != nil || nodeName == nil else { throw ValidationError("--node-name is for --kubeconfig") }
        if let problem = Self.problem(of: podCIDRs) { throw ValidationError("--pod-cidr \(problem)") }
        // What the specification allows of names, so that they need no quoting in JSON.
        guard name.wholeMatch(of: #/[a-zA-Z0-9][a-zA-Z0-9_.\-]*/#) != nil else {
            throw ValidationError("--name \(name) is not letters, digits, '_', '.' and '-'")
        }
        guard bridge.wholeMatch(of: #/[a-zA-Z0-9][a-zA-Z0-9_.\-]*/#) != nil,
            bridge.utf8.count <= Self.maximumNameByteCount
        else { throw ValidationError("--bridge \(bridge) is not a name of an interface") }
        // 1280 is the least for IPv6 (RFC 8200, section 5), 576 what IPv4 can count on; 65535 is the longest packet.
        let least = podCIDRs.contains { $0.family == .ipv6 } ? 1280 : 576
        guard mtu.map((least...65_535).contains) ?? true else {
            throw ValidationError("--mtu is \(least) to 65535")
        }
    }

    /// Why networks cannot be those of pods; nil when they can.
    private static func problem(of networks: [IPPrefix]) -> String? {
        for (index, network) in networks.enumerated() {
            if let other = networks[..<index].first(where: network.overlaps) { return "\(network) overlaps \(other)" }
            guard network.length <= network.family.bitWidth - 2 else { return "\(network) has no addresses for pods" }
        }
        return nil
    }

    func run() async throws {
        var networks = podCIDRs
        if let kubeconfig {
            let name = nodeName ?? HostName.current.lowercased()
            networks = try await NodePodNetworks.read(kubeconfig: kubeconfig, nodeName: name)
            if let problem = Self.problem(of: networks) {
                throw InstallationError(description: "Node \(name): \(problem)")
            }
        }
        var list = NetworkConfigurationList(podNetworks: networks)
        (list.name, list.mode, list.bridge, list.mtu, list.masquerades) = (name, mode, bridge, mtu, masquerade)
        for line in try options.installation.install(try executable, list) { print(line) }
    }

    /// - Throws: `InstallationError` when there is none.
    private var executable: String {
        get throws {
            if let plugin { return plugin }
            // A link or a name found by PATH leads to the program here.
            let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let folder = program.split(separator: "/").dropLast()
            let candidates = [folder, folder.dropLast() + ["lib", "cni"]].map {
                "/" + ($0 + [Substring(NetworkConfigurationList.pluginName)]).joined(separator: "/")
            }
            guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
                throw InstallationError(
                    description: "no plugin at \(candidates.joined(separator: " or ")): name it with --plugin")
            }
            return found
        }
    }
}

extension NetworkConfigurationList.Mode: ExpressibleByArgument {}
