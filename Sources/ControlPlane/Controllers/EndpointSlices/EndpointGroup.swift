import KubeAPI
import Net

/// Endpoints that serve the same ports, and so may be in one slice.
struct EndpointGroup {
    let ports: [EndpointPort]
    /// In the order of the Pods' names.
    private(set) var endpoints: [EndpointSpec] = []

    /// The groups of the Pods, in the order of their first Pod. A Pod without an address of the family is in none.
    static func groups(of pods: [PlacedPod], service: KubeAPI.Service, family: IPFamily) -> [EndpointGroup] {
        var groups: [EndpointGroup] = []
        var positions: [PortKey: Int] = [:]
        for pod in pods {
            guard let endpoint = pod.endpoint(of: service, family: family) else { continue }
            let ports = pod.ports(of: service)
            let key = PortKey(ports)
            let position = positions[key] ?? groups.count
            if position == groups.count {
                groups.append(EndpointGroup(ports: ports))
                positions[key] = position
            }
            groups[position].endpoints.append(endpoint)
        }
        return groups
    }

    private init(ports: [EndpointPort]) { self.ports = ports }
}

/// The ports of a slice, whatever their order.
struct PortKey: Hashable {
    private struct Port: Hashable {
        let name: String
        let transport: String
        let number: Int
        let application: String
    }
    private let ports: Set<Port>

    init(_ ports: [EndpointPort]) {
        self.ports = Set(
            ports.map {
                Port(
                    name: $0.name ?? "", transport: $0.protocol ?? "TCP", number: $0.port ?? 0,
                    application: $0.appProtocol ?? "")
            })
    }
}

/// What makes two endpoints the same one, in another state perhaps.
struct EndpointIdentity: Hashable {
    private let addresses: [String]
    private let hostname: String?
    private let name: String?
    private let uid: String?

    init(_ endpoint: EndpointSpec) {
        addresses = endpoint.addresses
        hostname = endpoint.hostname
        name = endpoint.targetRef?.name
        uid = endpoint.targetRef?.uid
    }
}
