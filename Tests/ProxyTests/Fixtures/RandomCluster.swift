import Dataplane
import KubeAPI
import Net
import Proxy

/// The same sequence for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A cluster that changes at random, from pools so small that Services collide, slices overlap and objects are bad.
struct RandomCluster {
    private(set) var services: [String: Service] = [:]
    private(set) var slices: [String: EndpointSlice] = [:]
    private(set) var node: Node?
    private(set) var serviceCIDRs: [String: ServiceCIDR] = [:]
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// Changes something, and tells what.
    mutating func change() -> ProxyEvent {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: return setService()
        case 30..<40: return removeService()
        case 40..<75: return setSlice()
        case 75..<85: return removeSlice()
        case 85..<90: return relistServices()
        case 90..<93: return relistSlices()
        case 93..<95: return changeServiceCIDR()
        default: return changeNode()
        }
    }

    /// All that exists now, in some order.
    mutating func everything() -> [ProxyEvent] {
        var events: [ProxyEvent] = services.values.map { .service(.added($0)) }
        events += slices.values.map { .endpointSlice(.added($0)) }
        if let node { events.append(.node(.added(node))) }
        events += serviceCIDRs.values.map { .serviceCIDR(.added($0)) }
        return events.shuffled(using: &random)
    }

    private mutating func pick<Element>(_ pool: [Element]) -> Element {
        pool[Int.random(in: pool.indices, using: &random)]
    }

    /// True in `percent` of a hundred cases.
    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
}

extension RandomCluster {
    private mutating func setService() -> ProxyEvent {
        let (namespace, name) = (pick(["a", "b"]), pick(["s", "t", "u"]))
        var clusterIPs = [pick(["10.96.0.1", "10.96.0.2", "10.96.0.300", "None", ""])]
        if chance(40) { clusterIPs.append(pick(["fd00::1", "fd00::2", "10.96.0.2"])) }
        var ports: [ServicePortSpec] = []
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            ports.append(
                ServicePortSpec(
                    name: pick(["p", "q", ""]), protocol: pick(["TCP", "TCP", "UDP", "HTTP"]),
                    port: pick([80, 80, 81, 70000]), nodePort: pick([0, 30000, 30001, 99999])))
        }
        var service = makeService(
            name, namespace: namespace,
            type: pick(["ClusterIP", "NodePort", "LoadBalancer", "LoadBalancer", "ExternalName"]),
            clusterIPs: clusterIPs, ports: ports, created: pick([nil, 1, 2, 3]))
        if chance(10) { service.metadata.labels["service.kubernetes.io/service-proxy-name"] = "other" }
        setPolicies(&service.spec)
        if chance(50) { setExternal(&service) }
        let isNew = services.updateValue(service, forKey: "\(namespace)/\(name)") == nil
        return .service(isNew ? .added(service) : .modified(service))
    }

    private mutating func setPolicies(_ spec: inout ServiceSpec) {
        spec.internalTrafficPolicy = pick([nil, "Cluster", "Local"])
        spec.externalTrafficPolicy = pick([nil, "Cluster", "Local"])
        spec.sessionAffinity = pick([nil, "None", "ClientIP"])
        if chance(30) {
            spec.sessionAffinityConfig = SessionAffinityConfig(clientIP: .init(timeoutSeconds: pick([nil, 0, 10, 20])))
        }
        if chance(50) { spec.healthCheckNodePort = pick([31000, 31001, 70000]) }
    }

    private mutating func setExternal(_ service: inout Service) {
        let addresses = ["192.0.2.1", "192.0.2.2", "198.51.100.1", "10.96.0.1", "10.96.0.2", "2001:db8::1", "foo"]
        if chance(40) { service.spec.externalIPs = [pick(addresses), pick(addresses)] }
        service.status = ServiceStatus(
            loadBalancer: LoadBalancerStatus(ingress: [
                .init(ip: pick(addresses), ipMode: pick([nil, "VIP", "Proxy"])), .init(hostname: "lb.example.org"),
            ]))
        let ranges = [
            "192.0.2.0/24", "192.0.2.0/28", " 198.51.100.0/24 ", "10.0.0.0/8", "2001:db8::/32", "::/0", "0.0.0.0/0",
            "bar",
        ]
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            service.spec.loadBalancerSourceRanges.append(pick(ranges))
        }
    }

    private mutating func removeService() -> ProxyEvent {
        guard let key = services.keys.sorted().randomElement(using: &random),
            let service = services.removeValue(forKey: key)
        else { return setService() }
        return .service(.deleted(service))
    }

    private mutating func relistServices() -> ProxyEvent {
        for _ in 0..<3 { _ = chance(50) ? setService() : removeService() }
        return .replaceServices(services.values.shuffled(using: &random))
    }
}

extension RandomCluster {
    private mutating func setSlice() -> ProxyEvent {
        let (namespace, name) = (pick(["a", "b"]), pick(["w", "x", "y", "z"]))
        let addressType = pick(["IPv4", "IPv4", "IPv6", "FQDN", "IPX"])
        var endpoints: [EndpointSpec] = []
        let hasHints = chance(40)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let address =
                addressType == "IPv6"
                ? pick(["fd00:10::1", "fd00:10::2", "::1"]) : pick(["10.244.0.1", "10.244.0.2", "10.244.0.3", "foo"])
            var endpoint = makeEndpoint(
                address, ready: pick([true, false, nil]), serving: pick([true, false, nil]),
                terminating: pick([true, false, nil]), node: pick(["this", "other", nil]))
            if hasHints, chance(80) {
                endpoint.hints = EndpointHints(
                    forZones: pick([nil, [], ["a"], ["b"], ["a", "b"]]), forNodes: pick([nil, ["this"], ["other"]]))
            }
            endpoints.append(endpoint)
        }
        var ports: [EndpointPort] = []
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            ports.append(
                EndpointPort(
                    name: pick(["p", "q", "", nil]), protocol: pick(["TCP", "TCP", "UDP", nil]),
                    port: pick([8080, 8081, 0, nil])))
        }
        var slice = makeSlice(
            of: pick(["s", "t", "u", nil]), endpoints, name: name, namespace: namespace, addressType: addressType,
            ports: ports)
        if chance(10) { slice.metadata.labels[EndpointSlice.headlessLabel] = "" }
        let isNew = slices.updateValue(slice, forKey: "\(namespace)/\(name)") == nil
        return .endpointSlice(isNew ? .added(slice) : .modified(slice))
    }

    private mutating func removeSlice() -> ProxyEvent {
        guard let key = slices.keys.sorted().randomElement(using: &random),
            let slice = slices.removeValue(forKey: key)
        else { return setSlice() }
        return .endpointSlice(.deleted(slice))
    }

    private mutating func relistSlices() -> ProxyEvent {
        for _ in 0..<3 { _ = chance(50) ? setSlice() : removeSlice() }
        return .replaceEndpointSlices(slices.values.shuffled(using: &random))
    }

    private mutating func changeNode() -> ProxyEvent {
        if chance(30), let node {
            self.node = nil
            return .node(.deleted(node))
        }
        if chance(30) { return .replaceNodes((node.map { [$0] } ?? []) + [makeNode("other", [])]) }
        let address = pick(["192.0.2.1", "192.0.2.2", "foo"])
        var node = makeNode("this", [(type: "InternalIP", address: address)])
        if chance(70) { node.metadata.labels["topology.kubernetes.io/zone"] = pick(["a", "b", ""]) }
        node.spec.podCIDRs = pick([[], ["10.244.1.0/24"], ["10.244.1.0/24", "fd00:10::/64"], ["bad"]])
        self.node = node
        return .node(.modified(node))
    }

    private mutating func changeServiceCIDR() -> ProxyEvent {
        let name = pick(["k", "l"])
        if chance(40), let object = serviceCIDRs.removeValue(forKey: name) { return .serviceCIDR(.deleted(object)) }
        if chance(20) { return .replaceServiceCIDRs(Array(serviceCIDRs.values)) }
        let object = makeServiceCIDR(name, pick([["10.96.0.0/16"], ["10.96.0.0/12", "fd00:96::/112"], ["foo"]]))
        serviceCIDRs[name] = object
        return .serviceCIDR(.modified(object))
    }
}
