import Dataplane
import KubeAPI
import Net

/// What the proxy keeps of a Service that it serves.
struct ParsedService: Equatable, Sendable {
    /// One port in one address family.
    struct Port: Equatable, Sendable {
        let name: String
        let `protocol`: L4Protocol
        let port: UInt16
        let nodePort: UInt16?
        let clusterIP: IPAddress

        var family: IPFamily { clusterIP.family }
    }

    /// An address from outside of the cluster that all ports of its family have.
    struct External: Equatable, Sendable {
        let address: IPAddress
        /// It is a load balancer's, which `sources` guard, and not one of `externalIPs`.
        let isLoadBalancer: Bool
    }

    /// Microseconds since 1970; `Int64.max` where the Service has no creation time. The older of two that want the
    /// same frontend gets it.
    let created: Int64
    /// 0 for no affinity.
    let affinitySeconds: UInt32
    /// `healthCheckNodePort` of a load balancer with `externalTrafficPolicy: Local`; 0 for none.
    let healthCheckPort: UInt16
    let internalPolicy: TrafficPolicy
    let externalPolicy: TrafficPolicy
    /// The API server and DNS: nothing else starts without them.
    let isEssential: Bool
    let ports: [Port]
    /// Each address once.
    let externals: [External]
    let sources: SourceRanges

    func hasSameFrontends(as other: ParsedService) -> Bool {
        created == other.created && ports == other.ports && externals == other.externals
    }

    /// Not everybody may connect to an address of a load balancer.
    var isRestricted: Bool { externals.contains { $0.isLoadBalancer && !sources.isOpen($0.address.family) } }
}

extension ParsedService {
    /// Set by the user on a Service that another proxy serves (k8s.io/api `LabelServiceProxyName`).
    static let proxyNameLabel = "service.kubernetes.io/service-proxy-name"

    /// Nil when the Service is none of ours: headless, without an address yet, `ExternalName` or another proxy's.
    ///
    /// - Parameters:
    ///   - families: the families that this node serves; ClusterIPs of others are left out.
    ///   - problems: gets what had to be left out.
    init?(_ service: Service, families: Set<IPFamily>, problems: inout ProblemList) {
        let spec = service.spec
        let addresses = spec.clusterIPs.isEmpty ? [spec.clusterIP] : spec.clusterIPs
        guard spec.type != "ExternalName", spec.clusterIP != "None", addresses[0] != "", addresses[0] != "None",
            service.metadata.labels[Self.proxyNameLabel] == nil
        else { return nil }
        created = service.metadata.creationTimestamp?.microsecondsSinceEpoch ?? .max
        let clusterIPs = Self.clusterIPs(addresses, families: families, problems: &problems)
        var ports: [Port] = []
        ports.reserveCapacity(clusterIPs.count * spec.ports.count)
        for portSpec in spec.ports {
            guard let first = Self.port(portSpec, of: spec, problems: &problems) else { continue }
            if ports.contains(where: { $0.name == portSpec.name && $0.protocol == first.protocol }) {
                problems.append("port \(portSpec.label) appears twice; the second is left out")
                continue
            }
            for clusterIP in clusterIPs {
                ports.append(
                    Port(
                        name: portSpec.name, protocol: first.protocol, port: first.port, nodePort: first.nodePort,
                        clusterIP: clusterIP))
            }
        }
        self.ports = ports
        internalPolicy = spec.internalTrafficPolicy == "Local" ? .local : .cluster
        externalPolicy = spec.isLocalOutside ? .local : .cluster
        affinitySeconds = Self.affinitySeconds(spec, problems: &problems)
        healthCheckPort = Self.healthCheckPort(spec, problems: &problems)
        isEssential = service.metadata.isEssential
        externals = Self.externals(
            of: service, beside: clusterIPs, servedFamilies: families, problems: &problems)
        sources =
            spec.type == "LoadBalancer" ? SourceRanges(spec.loadBalancerSourceRanges, problems: &problems) : .open
    }

    /// The first valid address of each of `families`.
    private static func clusterIPs(
        _ texts: [String], families: Set<IPFamily>, problems: inout ProblemList
    ) -> [IPAddress] {
        var clusterIPs: [IPAddress] = []
        for text in texts {
            do throws(AddressParseError) {
                let address = try IPAddress(text)
                if let unfitness = address.unfitness {
                    problems.append("clusterIP \(address) is \(unfitness) and is left out")
                } else if clusterIPs.contains(where: { $0.family == address.family }) {
                    problems.append("clusterIP \(address) is a second \(address.family) address and is left out")
                } else if families.contains(address.family) {
                    clusterIPs.append(address)
                }
            } catch {
                problems.append("clusterIP \(error)")
            }
        }
        return clusterIPs
    }

    private static func port(
        _ port: ServicePortSpec, of spec: ServiceSpec, problems: inout ProblemList
    ) -> (protocol: L4Protocol, port: UInt16, nodePort: UInt16?)? {
        guard let transport = L4Protocol(name: port.protocol) else {
            problems.append("port \(port.label): protocol '\(port.protocol)' is not TCP, UDP or SCTP")
            return nil
        }
        guard let number = UInt16(exactly: port.port), number > 0 else {
            problems.append("port \(port.label): \(port.port) is not a port number")
            return nil
        }
        var nodePort: UInt16?
        // Only these types may have one: a number left behind by an earlier type must not open a port on the node.
        if port.nodePort != 0, spec.type == "NodePort" || spec.type == "LoadBalancer" {
            nodePort = UInt16(exactly: port.nodePort)
            if nodePort == nil {
                problems.append("port \(port.label): nodePort \(port.nodePort) is not a port number and is left out")
            }
        }
        return (transport, number, nodePort)
    }
}

extension ServicePortSpec {
    /// The port's name, or its number where it has none.
    fileprivate var label: String { name.isEmpty ? "\(port)" : name }
}
