import KubeAPI
import Net

/// What the proxy keeps of an EndpointSlice: values without references but for a few arrays and names.
struct ParsedEndpointSlice: Sendable {
    struct Port: Equatable, Sendable {
        let name: String
        let `protocol`: L4Protocol
        let number: UInt16
    }

    struct Endpoint: Equatable, Sendable {
        let address: IPAddress
        /// All but whether the zone hints name this node's zone.
        let state: EndpointState
        /// The place of its zones in `zoneHints`, counted from 1; 0 for an endpoint without.
        let zoneHint: UInt16
    }

    /// The slice's own name.
    let name: String
    /// The name of the Service that it belongs to, in the same namespace.
    let service: String
    let family: IPFamily
    let ports: [Port]
    /// In the order of their addresses: what is sorted already merges in linear time.
    let endpoints: [Endpoint]
    /// The different lists of zones that hints of the endpoints name. Kept apart because hardly any slice has hints, and
    /// by name because the node's zone may change.
    let zoneHints: [[String]]
    /// When what the slice says has changed; no part of what it says.
    var triggers: TriggerTimes

    /// The state of one of `endpoints` on a node in `zone`.
    func state(of endpoint: Endpoint, in zone: String?) -> EndpointState {
        guard endpoint.zoneHint > 0 else { return endpoint.state }
        var state = endpoint.state
        let zones = zoneHints[Int(endpoint.zoneHint) - 1]
        state.setZoneHints(areForThisZone: zone.map(zones.contains) ?? false)
        return state
    }
}

extension ParsedEndpointSlice: Equatable {
    /// Whether both say the same, whenever it changed.
    static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.service == right.service && left.family == right.family
            && left.ports == right.ports && left.endpoints == right.endpoints && left.zoneHints == right.zoneHints
    }
}

extension ParsedEndpointSlice {
    /// Nil for a slice of names (`FQDN`), of an unknown type, or of a family that is not served, and for one that is none
    /// of ours: without the label that names its Service, or of a headless Service.
    init?(_ slice: EndpointSlice, nodeName: String, families: Set<IPFamily>, problems: inout ProblemList) {
        guard let service = slice.metadata.labels[EndpointSlice.serviceNameLabel], !service.isEmpty,
            slice.metadata.labels[EndpointSlice.headlessLabel] == nil
        else { return nil }
        guard let family = IPFamily.allCases.first(where: { $0.description == slice.addressType }) else {
            if slice.addressType != "FQDN" {
                problems.append("addressType '\(slice.addressType)' is not IPv4, IPv6 or FQDN")
            }
            return nil
        }
        guard families.contains(family) else { return nil }
        self.family = family
        self.service = service
        name = slice.metadata.name
        ports = Self.ports(slice.ports, problems: &problems)
        var endpoints: [Endpoint] = []
        var zoneHints: [[String]] = []
        endpoints.reserveCapacity(slice.endpoints.count)
        for index in slice.endpoints.indices {
            // Only what is needed is read: a copy of an entry counts references to all its strings.
            guard let text = slice.endpoints[index].firstAddress else {
                problems.append("an endpoint has no address")
                continue
            }
            guard let address = Self.address(text, family: family, problems: &problems) else { continue }
            let isHere = slice.endpoints[index].nodeName.map { $0 == nodeName }
            var state = EndpointState(slice.endpoints[index].conditions, isHere: isHere)
            var zoneHint: UInt16 = 0
            if let hints = slice.endpoints[index].hints {
                if let nodes = hints.forNodes, !nodes.isEmpty {
                    state.setNodeHints(areForThisNode: nodes.contains { $0.name == nodeName })
                }
                zoneHint = Self.place(of: hints.forZones?.map(\.name) ?? [], in: &zoneHints)
            }
            endpoints.append(Endpoint(address: address, state: state, zoneHint: zoneHint))
        }
        endpoints.sort { ($0.address, $0.state) < ($1.address, $1.state) }
        self.endpoints = endpoints
        self.zoneHints = zoneHints
        triggers = TriggerTimes(slice.metadata.annotations)
    }

    private static func place(of zones: [String], in zoneHints: inout [[String]]) -> UInt16 {
        guard !zones.isEmpty else { return 0 }
        let index = zoneHints.firstIndex(of: zones) ?? zoneHints.count
        // A slice has 1,000 endpoints at most; one that has more lists than numbers goes on without hints.
        guard let place = UInt16(exactly: index + 1) else { return 0 }
        if index == zoneHints.count { zoneHints.append(zones) }
        return place
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
