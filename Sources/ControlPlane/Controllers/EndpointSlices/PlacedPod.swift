import KubeAPI
import Net

/// A Pod with the zone of its Node: what an endpoint is made of.
struct PlacedPod {
    let pod: PodRecord
    let zone: String?

    /// The endpoint for `service` in one family; nil where the Pod has no address of it.
    func endpoint(of service: KubeAPI.Service, family: IPFamily) -> EndpointSpec? {
        let addresses = pod.addresses.filter { $0.family == family }.map(\.description)
        guard !addresses.isEmpty else { return nil }
        let isServing = pod.isReady
        let isTerminating = pod.deleted != nil
        var endpoint = EndpointSpec(
            addresses: addresses,
            conditions: EndpointConditions(
                ready: service.spec.publishNotReadyAddresses || isServing && !isTerminating, serving: isServing,
                terminating: isTerminating),
            nodeName: nodeName)
        endpoint.zone = zone
        endpoint.targetRef = ObjectReference(
            kind: Pod.resource.kind, namespace: pod.name.namespace, name: pod.name.name,
            uid: pod.uid)
        if hasName(in: service) { endpoint.hostname = pod.hostname }
        if endpoint.conditions.ready == true {
            endpoint.hints = hints(for: service.spec.trafficDistribution)
        }
        return endpoint
    }

    /// Nil for a Pod that is on none.
    var nodeName: String? { pod.nodeName.isEmpty ? nil : pod.nodeName }

    /// The Service gives the Pod a name in DNS.
    func hasName(in service: KubeAPI.Service) -> Bool {
        !pod.hostname.isEmpty && pod.subdomain == service.metadata.name
    }

    /// Who should use the endpoint where a Service prefers short ways (KEP-4444, KEP-3015). Of a Pod without a node, or on
    /// a node without a zone, no more than that is known; proxies ignore hints that are missing on one endpoint.
    private func hints(for distribution: String?) -> EndpointHints? {
        let zones = zone.map { [$0] }
        let nodes = nodeName.map { [$0] }
        switch distribution {
        case "PreferClose", "PreferSameZone": return zones.map { EndpointHints(forZones: $0) }
        case "PreferSameNode":
            return zones == nil && nodes == nil ? nil : EndpointHints(forZones: zones, forNodes: nodes)
        default: return nil
        }
    }

    /// The ports of `service` as this Pod serves them. A port whose name the Pod does not know is left out.
    func ports(of service: KubeAPI.Service) -> [EndpointPort] {
        service.spec.ports.compactMap { port in
            guard let number = pod.number(of: port) else { return nil }
            var result = EndpointPort(name: port.name, protocol: port.protocol, port: number)
            result.appProtocol = port.appProtocol
            return result
        }
    }
}

extension PodRecord {
    /// Has an address, and has not come to its end.
    var isEndpoint: Bool { !addresses.isEmpty && !isTerminal }

    /// A named target port is that of the first container which has the name with the same protocol; init containers
    /// that stay (KEP-753) come last.
    func number(of port: ServicePortSpec) -> Int? {
        switch port.targetPort {
        case nil: return port.port
        case .int(let number): return number == 0 ? port.port : number
        case .string(let name):
            return namedPorts.first { $0.name == name && $0.transport == port.protocol }?.number
        }
    }
}
