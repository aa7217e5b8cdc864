import Dataplane
import KubeAPI
import Net
import Proxy
import TestSupport

/// The objects of a soak: Services of all kinds whose endpoints are the lab's pods, and many that only change.
struct SoakCluster {
    /// A Service that is connected to.
    struct Served {
        let number: Int
        /// Where clients go, by place: the ClusterIP, the NodePort or the load balancer.
        let frontends: [(address: DualAddress, port: UInt16)]
    }

    static let dataplane = DataplaneConfiguration(detector: .podNetworks)
    static let servedCount = 12

    static func proxyConfiguration(nodeIPs: [IPAddress]) -> ProxyConfiguration {
        ProxyConfiguration(nodeName: "node-1", nodeIPs: nodeIPs, podNetworks: LabAddresses.clusterCIDRs)
    }

    /// By name.
    private(set) var services: [String: KubeAPI.Service] = [:]
    /// By name.
    private(set) var slices: [String: EndpointSlice] = [:]
    private let lab: Lab
    private let others: Int
    private var random: SeededGenerator

    init(lab: Lab, others: Int, seed: UInt64) {
        self.lab = lab
        self.others = others
        random = SeededGenerator(seed: seed)
        for number in 0..<Self.servedCount {
            let service = servedService(number)
            services[service.metadata.name] = service
            for family in IPFamily.allCases { setSlice(servedSlice(number, family)) }
        }
        for number in 0..<others {
            services["other-\(number)"] = otherService(number)
            setSlice(otherSlice(number))
        }
    }

    var served: [Served] {
        (0..<Self.servedCount).map { number in
            let port = UInt16(30_000 + number)
            return Served(
                number: number,
                frontends: [
                    (LabAddresses.service(UInt8(10 + number)), 80), (lab.node.address, port),
                    (LabAddresses.external(UInt8(10 + number)), 80),
                ])
        }
    }

    /// Everything, as a daemon that starts is told.
    var everything: [SoakLine] {
        services.values.map { .service($0) } + slices.values.map { .endpointSlice($0) } + [.synced]
    }

    /// The next change: mostly of endpoints, of half of the time of Services that are connected to.
    mutating func change() -> [SoakLine] {
        if Int.random(in: 0..<2, using: &random) == 0 {
            let number = Int.random(in: 0..<Self.servedCount, using: &random)
            if Int.random(in: 0..<50, using: &random) == 0 { return [switchAffinity(number)] }
            return [set(servedSlice(number, Bool.random(using: &random) ? .ipv4 : .ipv6))]
        }
        let number = Int.random(in: 0..<others, using: &random)
        guard let service = services["other-\(number)"], Int.random(in: 0..<50, using: &random) == 0 else {
            if services["other-\(number)"] == nil {
                let service = otherService(number)
                services["other-\(number)"] = service
                return [.service(service)]
            }
            return [set(otherSlice(number))]
        }
        services["other-\(number)"] = nil
        return [.deletedService(service)]
    }

    private mutating func setSlice(_ slice: EndpointSlice) { slices[slice.metadata.name] = slice }

    private mutating func set(_ slice: EndpointSlice) -> SoakLine {
        setSlice(slice)
        return .endpointSlice(slice)
    }

    private mutating func switchAffinity(_ number: Int) -> SoakLine {
        var service = services["served-\(number)"] ?? servedService(number)
        service.spec.sessionAffinity = service.spec.sessionAffinity == nil ? "ClientIP" : nil
        services["served-\(number)"] = service
        return .service(service)
    }

    /// One in three has affinity, one in four a policy Local, one in two source ranges.
    private func servedService(_ number: Int) -> KubeAPI.Service {
        var service = Service(
            metadata: ObjectMeta(name: "served-\(number)", namespace: "default"),
            spec: ServiceSpec(
                type: "LoadBalancer", ports: [ServicePortSpec(name: "http", port: 80, nodePort: 30_000 + number)]))
        let clusterIP = LabAddresses.service(UInt8(10 + number))
        service.spec.clusterIPs = clusterIP.both.map(\.description)
        service.spec.clusterIP = clusterIP.v4.description
        if number % 3 == 0 { service.spec.sessionAffinity = "ClientIP" }
        if number % 4 == 1 { service.spec.externalTrafficPolicy = "Local" }
        if number % 4 == 2 { service.spec.internalTrafficPolicy = "Local" }
        if number % 2 == 0 {
            service.spec.loadBalancerSourceRanges =
                (LabAddresses.lanCIDRs + LabAddresses.clusterCIDRs).map(\.description)
        }
        let balancer = LabAddresses.external(UInt8(10 + number))
        service.status = ServiceStatus(
            loadBalancer: LoadBalancerStatus(
                ingress: balancer.both.map { LoadBalancerStatus.Ingress(ip: $0.description) }))
        return service
    }

    /// At least one pod of node 1, never the one that connects; whatever the policy, there is somebody to answer.
    private mutating func servedSlice(_ number: Int, _ family: IPFamily) -> EndpointSlice {
        var pods = [lab.pods[Int.random(in: 1...2, using: &random)]]
        for pod in lab.pods[1...3] where pod.name != pods[0].name && Bool.random(using: &random) { pods.append(pod) }
        return makeSlice(
            "served-\(number)", family,
            pods.map { EndpointSpec(addresses: [$0.address[family].description], nodeName: $0.nodeName) },
            port: Int(Lab.serverPort))
    }

    private func otherService(_ number: Int) -> KubeAPI.Service {
        var service = Service(
            metadata: ObjectMeta(name: "other-\(number)", namespace: "default"),
            spec: ServiceSpec(ports: [ServicePortSpec(name: "http", port: 80)]))
        service.spec.clusterIP = "\(IPAddress(v4: 0x0A60_0100 + UInt32(number)))"
        service.spec.clusterIPs = [service.spec.clusterIP]
        if number % 10 == 0 { service.spec.sessionAffinity = "ClientIP" }
        return service
    }

    private mutating func otherSlice(_ number: Int) -> EndpointSlice {
        let count = [0, 1, 2, 3, 5, 8, 9, 12].randomElement(using: &random) ?? 0
        let first = UInt32.random(in: 0..<1_000, using: &random)
        return makeSlice(
            "other-\(number)", .ipv4,
            (0..<UInt32(count)).map { index in
                EndpointSpec(
                    addresses: ["\(IPAddress(v4: 0x0AF4_8000 + first + index))"],
                    nodeName: index % 4 == 0 ? "node-1" : "node-3")
            }, port: 8080)
    }

    private func makeSlice(
        _ service: String, _ family: IPFamily, _ endpoints: [EndpointSpec], port: Int
    ) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(
                name: "\(service)-\(family)".lowercased(), namespace: "default",
                labels: [EndpointSlice.serviceNameLabel: service]),
            addressType: family.description, endpoints: endpoints, ports: [EndpointPort(name: "http", port: port)])
    }
}
