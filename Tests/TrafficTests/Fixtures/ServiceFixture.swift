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
        var hints: EndpointHints?

        init(_ address: DualAddress, nodeName: String) {
            self.address = address
            self.nodeName = nodeName
        }

        init(
            _ pod: LabPod, ready: Bool = true, serving: Bool? = nil, terminating: Bool? = nil,
            hints: EndpointHints? = nil
        ) {
            address = pod.address
            nodeName = pod.nodeName
            conditions = EndpointConditions(ready: ready, serving: serving, terminating: terminating)
            self.hints = hints
        }

        /// A pod that ends and still serves.
        static func terminating(_ pod: LabPod) -> Backend {
            Backend(pod, ready: false, serving: true, terminating: true)
        }
    }

    enum Policy: String, CaseIterable {
        case cluster = "Cluster"
        case local = "Local"
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
    var externalIPs: [DualAddress] = []
    /// Of its load balancer, which sends packets to the node as they are.
    var balancers: [DualAddress] = []
    /// `ipMode` of these.
    var balancerMode: String?
    var sourceRanges: [String] = []
    var internalPolicy = Policy.cluster
    var externalPolicy = Policy.cluster
    /// nil for no affinity.
    var affinitySeconds: Int?
    var labels: [String: String] = [:]
    var sliceLabels: [String: String] = [:]
    var publishesNotReady = false

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
        let hasNodePort = ports.contains { $0.nodePort != 0 }
        let type = !balancers.isEmpty ? "LoadBalancer" : hasNodePort ? "NodePort" : "ClusterIP"
        var service = Service(
            metadata: ObjectMeta(name: name, namespace: "default", labels: labels),
            spec: ServiceSpec(type: type, ports: specs))
        service.spec.clusterIPs = families.map { clusterIP[$0].description }
        service.spec.clusterIP = service.spec.clusterIPs.first ?? ""
        service.spec.externalIPs = externalIPs.flatMap(\.both).map(\.description)
        service.spec.loadBalancerSourceRanges = sourceRanges
        service.spec.internalTrafficPolicy = internalPolicy.rawValue
        service.spec.externalTrafficPolicy = externalPolicy.rawValue
        service.spec.publishNotReadyAddresses = publishesNotReady
        if let affinitySeconds {
            service.spec.sessionAffinity = "ClientIP"
            service.spec.sessionAffinityConfig = SessionAffinityConfig(
                clientIP: SessionAffinityConfig.ClientIP(timeoutSeconds: affinitySeconds))
        }
        if !balancers.isEmpty {
            let ingress = balancers.flatMap(\.both).map {
                LoadBalancerStatus.Ingress(ip: $0.description, ipMode: balancerMode)
            }
            service.status = ServiceStatus(loadBalancer: LoadBalancerStatus(ingress: ingress))
        }
        return service
    }

    func slice(_ slice: String, _ family: IPFamily) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(
                name: "\(name)-\(family)-\(slice)".lowercased(), namespace: "default",
                labels: sliceLabels.merging([EndpointSlice.serviceNameLabel: name]) { $1 }),
            addressType: family.description,
            endpoints: (slices[slice] ?? []).map { backend in
                var endpoint = EndpointSpec(
                    addresses: [backend.address[family].description], conditions: backend.conditions,
                    nodeName: backend.nodeName)
                endpoint.hints = backend.hints
                return endpoint
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
    /// The Service, without its slices.
    var serviceEvents: [ProxyEvent] { [.service(.modified(service))] }
    var endpointEvents: [ProxyEvent] { allSlices.map { .endpointSlice(.modified($0)) } }
    var removal: [ProxyEvent] {
        [.service(.deleted(service))] + allSlices.map { .endpointSlice(.deleted($0)) }
    }
}

extension ServiceFixture {
    /// An address of both families and a port that clients ask.
    struct Frontend: CustomStringConvertible {
        let kind: String
        let address: DualAddress
        let port: UInt16

        var description: String { "\(kind) \(address.v4) port \(port)" }
    }

    /// A Service that can be reached in every way: by its ClusterIP and by `external(_:)`.
    static func everywhere(_ name: String = "web", host: UInt8 = 10, backends: [LabPod] = []) -> ServiceFixture {
        var service = ServiceFixture(name, host: host, backends: backends)
        service.externalIPs = [LabAddresses.external(host)]
        service.balancers = [LabAddresses.external(host + 100)]
        return service
    }

    private var firstPort: Port { ports.first ?? Port(name: "", transport: .tcp) }

    var cluster: Frontend { Frontend(kind: "ClusterIP", address: clusterIP, port: firstPort.port) }

    /// NodePort on node 1, external IPs and load balancers.
    func external(_ lab: Lab) -> [Frontend] {
        let nodePort = firstPort.nodePort
        return (nodePort == 0 ? [] : [Frontend(kind: "NodePort", address: lab.node.address, port: nodePort)])
            + externalIPs.map { Frontend(kind: "external IP", address: $0, port: firstPort.port) } + balancerFrontends
    }

    var balancerFrontends: [Frontend] {
        balancers.map { Frontend(kind: "load balancer", address: $0, port: firstPort.port) }
    }

    func all(_ lab: Lab) -> [Frontend] { [cluster] + external(lab) }
}

extension Node {
    /// The Node object of a lab's node.
    init(_ node: LabNode, zone: String? = nil) {
        self.init(
            metadata: ObjectMeta(name: node.name, labels: zone.map { ["topology.kubernetes.io/zone": $0] } ?? [:]),
            spec: NodeSpec(podCIDRs: LabAddresses.podCIDRs(node: node.number).map(\.description)),
            status: NodeStatus(
                addresses: node.address.both.map {
                    NodeStatus.Address(type: "InternalIP", address: $0.description)
                }))
    }
}
