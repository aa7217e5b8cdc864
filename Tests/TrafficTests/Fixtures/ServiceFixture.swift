import KubeAPI
import Net
import Proxy
import TestSupport

/// A Service of both families, and its EndpointSlices.
struct ServiceFixture {
    /// A port of the Service, over to a port of its endpoints.
    struct Port {
        var name: String
        var transport: L4Protocol
        var port: UInt16 = 80
        var target: UInt16 = Lab.serverPort
        /// 0 for none.
        var nodePort: UInt16 = 30_080
    }

    /// An endpoint in both families.
    struct Backend {
        var address: DualAddress
        var nodeName: String
        var conditions = EndpointConditions()

        init(_ address: DualAddress, nodeName: String) {
            self.address = address
            self.nodeName = nodeName
        }

        init(_ pod: LabPod, ready: Bool = true, serving: Bool? = nil, terminating: Bool? = nil) {
            address = pod.address
            nodeName = pod.nodeName
            conditions = EndpointConditions(ready: ready, serving: serving, terminating: terminating)
        }
    }

    var name = "web"
    /// The last part of its ClusterIPs.
    var host: UInt8 = 10
    /// By default the same number over TCP and UDP.
    var ports = [Port(name: "http", transport: .tcp), Port(name: "dgram", transport: .udp)]
    /// By slice; those of one slice share their ports.
    var slices: [String: [Backend]] = [:]
    /// The target ports of slices that have others than the Service's.
    var targets: [String: UInt16] = [:]
    var families = IPFamily.allCases

    init(_ name: String = "web", host: UInt8 = 10, backends: [LabPod] = []) {
        self.name = name
        self.host = host
        self.backends = backends.map { Backend($0) }
    }

    var backends: [Backend] {
        get { slices["a"] ?? [] }
        set { slices["a"] = newValue }
    }

    var clusterIP: DualAddress { LabAddresses.service(host) }

    var service: Service {
        let specs = ports.map {
            ServicePortSpec(
                name: $0.name, protocol: $0.transport.description, port: Int($0.port), nodePort: Int($0.nodePort))
        }
        let type = ports.contains { $0.nodePort != 0 } ? "NodePort" : "ClusterIP"
        var service = Service(
            metadata: ObjectMeta(name: name, namespace: "default"), spec: ServiceSpec(type: type, ports: specs))
        service.spec.clusterIPs = families.map { clusterIP[$0].description }
        service.spec.clusterIP = service.spec.clusterIPs.first ?? ""
        return service
    }

    func slice(_ slice: String, _ family: IPFamily) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(
                name: "\(name)-\(family)-\(slice)".lowercased(), namespace: "default",
                labels: [EndpointSlice.serviceNameLabel: name]),
            addressType: family.description,
            endpoints: (slices[slice] ?? []).map { backend in
                EndpointSpec(
                    addresses: [backend.address[family].description], conditions: backend.conditions,
                    nodeName: backend.nodeName)
            },
            ports: ports.map {
                EndpointPort(name: $0.name, protocol: $0.transport.description, port: Int(targets[slice] ?? $0.target))
            })
    }

    private var allSlices: [EndpointSlice] {
        slices.keys.sorted().flatMap { name in families.map { slice(name, $0) } }
    }

    /// All of it, as it is now.
    var events: [ProxyEvent] { [.service(.modified(service))] + endpointEvents }
    var endpointEvents: [ProxyEvent] { allSlices.map { .endpointSlice(.modified($0)) } }
    var removal: [ProxyEvent] {
        [.service(.deleted(service))] + allSlices.map { .endpointSlice(.deleted($0)) }
    }
}

extension Node {
    /// The Node object of a lab's node.
    init(_ node: LabNode) {
        self.init(
            metadata: ObjectMeta(name: node.name),
            status: NodeStatus(
                addresses: node.address.both.map {
                    NodeStatus.Address(type: "InternalIP", address: $0.description)
                }))
    }
}
