import KubeAPI
import Net

/// What the proxy keeps of an EndpointSlice: values without references but for two arrays and the names of ports.
struct ParsedEndpointSlice: Equatable, Sendable {
    struct Port: Equatable, Sendable {
        let name: String
        let `protocol`: L4Protocol
        let number: UInt16
    }

    struct Endpoint: Equatable, Sendable {
        let address: IPAddress
        let state: EndpointState
    }

    /// The slice's own name.
    let name: String
    let family: IPFamily
    let ports: [Port]
    /// In the order of their addresses: what is sorted already merges in linear time.
    let endpoints: [Endpoint]
}

/// The conditions of an endpoint and whether it is on this node, in one byte.
///
/// Of two entries for the same address and port the lesser one counts. A pod that terminates comes last: the network
/// may have given its address to a new pod already (as in k8s.io/kubernetes pkg/proxy/endpointslicecache.go).
struct EndpointState: Hashable, Sendable, Comparable {
    private let bits: UInt8

    /// - Parameter isLocal: the endpoint is, or may be, on this node.
    init(_ conditions: EndpointConditions, isLocal: Bool) {
        let terminating: UInt8 = conditions.terminating ?? false ? 8 : 0
        let notReady: UInt8 = conditions.ready ?? true ? 0 : 4
        let notServing: UInt8 = conditions.serving ?? true ? 0 : 2
        bits = terminating | notReady | notServing | (isLocal ? 0 : 1)
    }

    var isReady: Bool { bits & 4 == 0 }
    /// Used where no endpoint is ready.
    var isServingTerminating: Bool { bits & 10 == 8 }
    var isLocal: Bool { bits & 1 == 0 }

    static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}

extension ParsedEndpointSlice {
    /// The Service that a slice belongs to; nil for one that is none of ours: without the label, or of a headless
    /// Service.
    static func owner(of slice: EndpointSlice) -> ObjectKey? {
        let labels = slice.metadata.labels
        guard let service = labels[EndpointSlice.serviceNameLabel], !service.isEmpty,
            labels[EndpointSlice.headlessLabel] == nil
        else { return nil }
        return ObjectKey(namespace: slice.metadata.namespace, name: service)
    }

    /// Nil for a slice of names (`FQDN`), of an unknown type, or of a family that is not served.
    init?(_ slice: EndpointSlice, nodeName: String, families: Set<IPFamily>, problems: inout ProblemList) {
        guard let family = IPFamily.allCases.first(where: { $0.description == slice.addressType }) else {
            if slice.addressType != "FQDN" {
                problems.append("addressType '\(slice.addressType)' is not IPv4, IPv6 or FQDN")
            }
            return nil
        }
        guard families.contains(family) else { return nil }
        self.family = family
        name = slice.metadata.name
        ports = Self.ports(slice.ports, problems: &problems)
        var endpoints: [Endpoint] = []
        endpoints.reserveCapacity(slice.endpoints.count)
        for index in slice.endpoints.indices {
            // Only what is needed is read: a copy of an entry counts references to all its strings.
            guard let text = slice.endpoints[index].firstAddress else {
                problems.append("an endpoint has no address")
                continue
            }
            guard let address = Self.address(text, family: family, problems: &problems) else { continue }
            let isLocal = slice.endpoints[index].nodeName.map { $0 == nodeName } ?? true
            let state = EndpointState(slice.endpoints[index].conditions, isLocal: isLocal)
            endpoints.append(Endpoint(address: address, state: state))
        }
        endpoints.sort { ($0.address, $0.state) < ($1.address, $1.state) }
        self.endpoints = endpoints
    }

    private static func ports(_ specs: [EndpointPort], problems: inout ProblemList) -> [Port] {
        var ports: [Port] = []
        ports.reserveCapacity(specs.count)
        for spec in specs {
            guard let name = spec.name else {
                problems.append("a port (\(spec.port.map(String.init) ?? "no number")) has no name and is ignored")
                continue
            }
            guard let number = spec.port else {
                problems.append("port '\(name)' has no number and is ignored")
                continue
            }
            guard let value = UInt16(exactly: number), value > 0 else {
                problems.append("port '\(name)': \(number) is not a port number")
                continue
            }
            guard let transport = L4Protocol(name: spec.protocol ?? "TCP") else {
                problems.append("port '\(name)': protocol '\(spec.protocol ?? "")' is not TCP, UDP or SCTP")
                continue
            }
            ports.append(Port(name: name, protocol: transport, number: value))
        }
        return ports
    }

    private static func address(_ text: String, family: IPFamily, problems: inout ProblemList) -> IPAddress? {
        do throws(AddressParseError) {
            let address = try IPAddress(text, family: family)
            guard let unfitness = address.unfitness else { return address }
            problems.append("address '\(text)' is \(unfitness)")
        } catch {
            problems.append("address \(error)")
        }
        return nil
    }
}
