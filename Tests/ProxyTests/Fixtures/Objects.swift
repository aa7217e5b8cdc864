import KubeAPI
import Net

/// A Service in `default` of the given address and ports; two addresses make it dual-stack.
func makeService(
    _ name: String, namespace: String = "default", type: String = "ClusterIP", clusterIPs: [String] = ["10.96.0.10"],
    ports: [ServicePortSpec] = [ServicePortSpec(name: "http", port: 80)], created: Int64? = nil
) -> Service {
    var service = Service(
        metadata: ObjectMeta(name: name, namespace: namespace), spec: ServiceSpec(type: type, ports: ports))
    service.spec.clusterIPs = clusterIPs
    service.spec.clusterIP = clusterIPs.first ?? ""
    service.metadata.creationTimestamp = created.map(Timestamp.init(microsecondsSinceEpoch:))
    return service
}

/// A slice of the Service `service`, named after it unless `name` is given.
func makeSlice(
    of service: String?, _ endpoints: [EndpointSpec], name: String? = nil, namespace: String = "default",
    addressType: String = "IPv4", ports: [EndpointPort] = [EndpointPort(name: "http", port: 8080)]
) -> EndpointSlice {
    let labels = service.map { [EndpointSlice.serviceNameLabel: $0] } ?? [:]
    let name = name ?? "\(service ?? "orphan")-1"
    return EndpointSlice(
        metadata: ObjectMeta(name: name, namespace: namespace, labels: labels), addressType: addressType,
        endpoints: endpoints, ports: ports)
}

/// An endpoint on another node, ready unless told otherwise.
func makeEndpoint(
    _ address: String, ready: Bool? = true, serving: Bool? = nil, terminating: Bool? = nil, node: String? = "other"
) -> EndpointSpec {
    EndpointSpec(
        addresses: [address],
        conditions: EndpointConditions(ready: ready, serving: serving, terminating: terminating), nodeName: node)
}

/// An endpoint that shuts down and still answers.
func makeTerminating(_ address: String, node: String? = "other") -> EndpointSpec {
    makeEndpoint(address, ready: false, serving: true, terminating: true, node: node)
}

func makeNode(_ name: String, _ addresses: [(type: String, address: String)]) -> Node {
    Node(
        metadata: ObjectMeta(name: name),
        status: NodeStatus(addresses: addresses.map { NodeStatus.Address(type: $0.type, address: $0.address) }))
}

func makeServiceCIDR(_ name: String, _ cidrs: [String]) -> ServiceCIDR {
    ServiceCIDR(metadata: ObjectMeta(name: name), cidrs: cidrs)
}

/// A node in a zone.
func makeNode(_ name: String, zone: String?, _ addresses: [(type: String, address: String)] = []) -> Node {
    var node = makeNode(name, addresses)
    node.metadata.labels["topology.kubernetes.io/zone"] = zone
    return node
}

/// A Service of type LoadBalancer with these addresses of `status.loadBalancer.ingress`.
func makeLoadBalancer(
    _ name: String, _ ingress: [String], ranges: [String] = [], clusterIPs: [String] = ["10.96.0.10"],
    ports: [ServicePortSpec] = [ServicePortSpec(name: "http", port: 80, nodePort: 30080)], created: Int64? = nil
) -> Service {
    var service = makeService(name, type: "LoadBalancer", clusterIPs: clusterIPs, ports: ports, created: created)
    service.status = ServiceStatus(
        loadBalancer: LoadBalancerStatus(ingress: ingress.map { .init(ip: $0, ipMode: nil) }))
    service.spec.loadBalancerSourceRanges = ranges
    return service
}

extension EndpointSpec {
    /// The same with hints.
    func hinted(zones: [String]? = nil, nodes: [String]? = nil) -> EndpointSpec {
        var endpoint = self
        endpoint.hints = EndpointHints(forZones: zones, forNodes: nodes)
        return endpoint
    }
}

/// An address that the test knows to be one.
func address(_ text: String) throws -> IPAddress { try IPAddress(text) }
