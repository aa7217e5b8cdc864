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

/// An address that the test knows to be one.
func address(_ text: String) throws -> IPAddress { try IPAddress(text) }
