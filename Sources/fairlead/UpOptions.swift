import ArgumentParser
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
                Services, EndpointSlices, Pods, Nodes and Namespaces are used. Pods may carry their status, as there \
                is no kubelet to report it. A change of the file takes effect within ten seconds.
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
}

/// How traffic is treated.
struct TrafficOptions: ParsableArguments {
    @Option(
        name: .customLong("pod-cidr"),
        help: ArgumentHelp(
            "The network of the cluster's pods; may be given several times.",
            discussion: """
                Connections from there to a ClusterIP keep their source address, all others get this node's. Without \
                it, none to a ClusterIP is masqueraded for where it comes from.
                """,
            valueName: "cidr"), transform: IPPrefix.init(argument:))
    var podCIDRs: [IPPrefix] = []

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

    func validate() throws {
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
    fileprivate init(argument: String) throws {
        do { self = try IPPrefix(argument) } catch { throw ValidationError("\(error)") }
    }
}

extension IPAddress {
    init(argument: String) throws {
        do { self = try IPAddress(argument) } catch { throw ValidationError("\(error)") }
    }
}
