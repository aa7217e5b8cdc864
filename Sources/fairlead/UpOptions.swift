import ArgumentParser
import ControlPlane
import Dataplane
import Logging
import Net
import Proxy

/// How log lines look.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// What is logged.
struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The least important lines to log: trace, debug, info, notice, warning, error or critical.",
            discussion: "At 'debug' each commit to the kernel is a line: services, elements, bytes, microseconds.",
            valueName: "level"))
    var logLevel: Logger.Level = .notice

    @Option(help: ArgumentHelp("'text', or 'json': one object a line.", valueName: "format"))
    var logFormat: LogFormat = .text
}

/// Where objects come from.
struct SourceOptions: ParsableArguments {
    @Option(
        name: .customLong("manifest"),
        help: ArgumentHelp(
            "A file of Kubernetes objects in YAML or JSON; may be given several times.",
            discussion: """
                All kinds that the API serves may be there, and objects may carry their status, as there may be no kubelet \
                to report it. A change of the file takes effect within ten seconds; what vanishes from it is deleted. What \
                others change of an object stays, but for what the manifest says.
                """,
            valueName: "file"))
    var manifests: [String] = []

    @Option(
        help: ArgumentHelp(
            "A directory whose *.yaml, *.yml and *.json files are followed.",
            discussion: """
                Files that are added, changed or removed take effect at once. An object that is not valid keeps its \
                last valid version and is reported; everything else is applied.
                """,
            valueName: "dir"))
    var watchManifests: String?

    @Option(help: ArgumentHelp("This node's name, as in its pods' spec.nodeName. (default: the host's name)"))
    var nodeName: String?

    @Option(
        name: .customLong("service-cidr"),
        help: ArgumentHelp(
            "The network to take ClusterIPs from; one a family. (default: 10.96.0.0/12 and fd00:10:96::/112)",
            valueName: "cidr"), transform: IPPrefix.init(argument:))
    var serviceCIDRs: [IPPrefix] = []

    @Option(
        help: ArgumentHelp("The ports to take NodePorts from. (default: 30000-32767)", valueName: "first-last"),
        transform: PortRange.init(argument:))
    var serviceNodePortRange: PortRange?

    @Option(
        name: .customLong("cluster-cidr"),
        help: ArgumentHelp(
            "The network that Nodes without a podCIDR get one from: /24 of IPv4, /64 of IPv6; one a family.",
            valueName: "cidr"), transform: IPPrefix.init(argument:))
    var clusterCIDRs: [IPPrefix] = []

    /// The networks of ClusterIPs.
    var networks: [IPPrefix] {
        get throws {
            if !serviceCIDRs.isEmpty { return serviceCIDRs }
            return [try IPPrefix("10.96.0.0/12"), try IPPrefix("fd00:10:96::/112")]
        }
    }

    /// - Parameter nodeName: of the Node that is added where nobody declares it; empty for none.
    func configuration(nodeName: String) throws -> ControlPlaneConfiguration {
        var configuration = ControlPlaneConfiguration(
            serviceCIDRs: try networks, nodePorts: serviceNodePortRange ?? .nodePorts, nodeName: nodeName,
            manifestFiles: manifests, manifestDirectory: watchManifests)
        configuration.clusterCIDRs = clusterCIDRs
        return configuration
    }
}

/// How traffic is treated.
struct TrafficOptions: ParsableArguments {
    @Flag(help: "Give every connection to a ClusterIP this node's address as its source.")
    var masqueradeAll = false

    @Option(
        help: ArgumentHelp(
            "The bit of the packet mark that asks for masquerade, 0 to 31. Other bits are left alone.",
            valueName: "bit"))
    var masqueradeBit = 14

    @Option(
        name: .customLong("node-ip"),
        help: ArgumentHelp(
            "This node's address, in place of those of its Node object; one a family.", valueName: "address"),
        transform: IPAddress.init(argument:))
    var nodeIPs: [IPAddress] = []

    @Option(
        name: .customLong("nodeport-addresses"),
        help: ArgumentHelp(
            "Where NodePorts are answered: 'primary', 'all', or networks in CIDR notation, separated by commas.",
            discussion: "Never on loopback or link-local addresses. 'primary' is the node's address of each family.",
            valueName: "where"))
    var nodePortAddresses = "primary"

    @Flag(
        name: .customLong("localhost-nodeports"),
        help: ArgumentHelp(
            "Answer NodePorts on 127.0.0.1, too (IPv4).",
            discussion: """
                Sets net.ipv4.conf.all.route_localnet to 1, which it stays; a rule keeps other hosts from 127.0.0.0/8.
                """))
    var localhostNodePorts = false

    @Option(
        help: ArgumentHelp(
            "How often all that is in the kernel is compared with what should be there; 0 for never.",
            discussion: """
                In the background, and beside what is noticed at once: what others change in the tables is repaired \
                when they do it.
                """,
            valueName: "seconds"))
    var verifyInterval = DataplaneConfiguration().verifyIntervalSeconds

    func validate() throws {
        guard verifyInterval >= 0 else { throw ValidationError("--verify-interval: \(verifyInterval) is negative") }
        guard (0...31).contains(masqueradeBit) else {
            throw ValidationError("--masquerade-bit: \(masqueradeBit) is not between 0 and 31")
        }
        _ = try nodePortPolicy
    }

    var nodePortPolicy: NodePortAddressPolicy {
        get throws {
            do {
                return try NodePortAddressPolicy(parsing: nodePortAddresses.split(separator: ",").map(String.init))
            } catch {
                throw ValidationError("--nodeport-addresses: \(error)")
            }
        }
    }
}

extension PortRange {
    fileprivate init(argument: String) throws {
        do { self = try PortRange(argument) } catch { throw ValidationError("\(error)") }
    }
}

extension IPPrefix {
    init(argument: String) throws {
        do { self = try IPPrefix(argument) } catch { throw ValidationError("\(error)") }
    }
}

extension IPAddress {
    init(argument: String) throws {
        do { self = try IPAddress(argument) } catch { throw ValidationError("\(error)") }
    }
}
