import ArgumentParser
import Dataplane
import Net

/// How connections of pods are known (kube-proxy's `--detect-local-mode`, with its words).
enum DetectLocalMode: String, CaseIterable, ExpressibleByArgument {
    case clusterCIDR = "ClusterCIDR"
    case nodeCIDR = "NodeCIDR"
    case bridgeInterface = "BridgeInterface"
    case interfaceNamePrefix = "InterfaceNamePrefix"
}

/// Where pods are.
struct PodOptions: ParsableArguments {
    @Option(
        name: .customLong("pod-cidr"),
        help: ArgumentHelp(
            "The network of the cluster's pods; may be given several times.",
            discussion: """
                Connections from there to a ClusterIP keep their source address, all others get this node's. Where it \
                is not known what a pod is, none to a ClusterIP is masqueraded for where it comes from.
                """,
            valueName: "cidr"), transform: IPPrefix.init(argument:))
    var podCIDRs: [IPPrefix] = []

    @Option(
        help: ArgumentHelp(
            "How a pod's connection is known: ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix.",
            discussion: """
                By --pod-cidr; by spec.podCIDRs of this node's Node object; by the interface that it comes in by: a \
                bridge, or any whose name begins so. (default: ClusterCIDR, where there is a --pod-cidr)
                """,
            valueName: "mode"))
    var detectLocalMode: DetectLocalMode?

    @Option(help: ArgumentHelp("The bridge of BridgeInterface.", valueName: "name"))
    var podBridgeInterface: String?

    @Option(help: ArgumentHelp("What the names of InterfaceNamePrefix begin with.", valueName: "prefix"))
    var podInterfaceNamePrefix: String?

    /// The kernel's bound for names of interfaces, without the NUL (IFNAMSIZ).
    private static let maximumNameByteCount = 15

    func validate() throws { _ = try detector }

    /// - Throws: `ValidationError` when the mode lacks its option.
    var detector: LocalTrafficDetector {
        get throws {
            func name(_ value: String?, _ option: String) throws -> String {
                guard let value, (1...Self.maximumNameByteCount).contains(value.utf8.count) else {
                    throw ValidationError("\(option) is needed: 1 to \(Self.maximumNameByteCount) bytes")
                }
                return value
            }
            switch detectLocalMode {
            case nil: return podCIDRs.isEmpty ? .none : .podNetworks
            case .clusterCIDR:
                if podCIDRs.isEmpty { throw ValidationError("--detect-local-mode ClusterCIDR needs --pod-cidr") }
                return .podNetworks
            case .nodeCIDR: return .podNetworks
            case .bridgeInterface: return .bridge(try name(podBridgeInterface, "--pod-bridge-interface"))
            case .interfaceNamePrefix:
                return .interfacePrefix(try name(podInterfaceNamePrefix, "--pod-interface-name-prefix"))
            }
        }
    }

    /// Nil for those of the Node object.
    var podNetworks: [IPPrefix]? { detectLocalMode == .nodeCIDR ? nil : podCIDRs }
}
