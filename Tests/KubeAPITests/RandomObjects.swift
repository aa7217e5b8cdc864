import FoundationEssentials
import TestSupport

@testable import KubeAPI

/// Objects with every field that the API has for them, set or not, and strings of all kinds.
struct RandomObjects {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func service() -> Service {
        var service = Service(metadata: metadata(), spec: ServiceSpec(ports: many { $0.servicePort() }))
        service.spec.type = pick(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"])
        service.spec.selector = texts()
        service.spec.clusterIP = text()
        service.spec.clusterIPs = many { $0.text() }
        service.spec.ipFamilies = many { $0.text() }
        service.spec.ipFamilyPolicy = maybe { $0.text() }
        service.spec.externalTrafficPolicy = maybe { $0.pick(["Local", "Cluster"]) }
        service.spec.internalTrafficPolicy = maybe { $0.pick(["Local", "Cluster"]) }
        service.spec.sessionAffinity = maybe { $0.pick(["ClientIP", "None"]) }
        service.spec.publishNotReadyAddresses = flag()
        service.spec.externalIPs = many { $0.text() }
        service.spec.externalName = maybe { $0.text() }
        service.spec.trafficDistribution = maybe { $0.text() }
        service.spec.healthCheckNodePort = maybe { $0.number() }
        service.spec.loadBalancerIP = maybe { $0.text() }
        service.spec.loadBalancerClass = maybe { $0.text() }
        service.spec.loadBalancerSourceRanges = many { $0.text() }
        service.spec.allocateLoadBalancerNodePorts = maybe { $0.flag() }
        service.spec.sessionAffinityConfig = maybe { random in
            SessionAffinityConfig(clientIP: random.maybe { .init(timeoutSeconds: $0.maybe { $0.number() }) })
        }
        service.status = maybe { random in
            ServiceStatus(loadBalancer: random.maybe { LoadBalancerStatus(ingress: $0.many { $0.ingress() }) })
        }
        return service
    }

    mutating func endpointSlice() -> EndpointSlice {
        EndpointSlice(
            metadata: metadata(), addressType: pick(["IPv4", "IPv6", "FQDN"]), endpoints: many { $0.endpoint() },
            ports: many { random in
                var port = EndpointPort(
                    name: random.maybe { $0.text() }, protocol: random.maybe { $0.text() },
                    port: random.maybe { $0.number() })
                port.appProtocol = random.maybe { $0.text() }
                return port
            })
    }

    mutating func node() -> Node {
        var node = Node(metadata: metadata(), spec: NodeSpec(podCIDRs: many { $0.text() }))
        node.spec.unschedulable = maybe { $0.flag() }
        node.spec.taints = many { random in
            NodeSpec.Taint(key: random.text(), value: random.maybe { $0.text() }, effect: random.text())
        }
        node.status.addresses = many { NodeStatus.Address(type: $0.text(), address: $0.text()) }
        return node
    }

    mutating func serviceCIDR() -> ServiceCIDR { ServiceCIDR(metadata: metadata(), cidrs: many { $0.text() }) }

    /// The object's JSON, now and then with spaces in it and with fields that nobody knows.
    mutating func json(_ object: some KubernetesObject) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = flag() ? [.prettyPrinted] : []
        let json = String(decoding: try encoder.encode(object), as: UTF8.self)
        let unknown = #"{"unknown": [{"a\"\\": null}, [], -1.5e3, "\u00e4", true], "#
        guard flag() else { return json }
        // Where there is a field after it for certain, and never among labels.
        return [#""metadata":{"#, #""metadata" : {"#].reduce(unknown + json.dropFirst()) { json, opening in
            json.replacing(opening, with: opening.dropLast() + unknown)
        }
    }

    private mutating func metadata() -> ObjectMeta {
        var metadata = ObjectMeta(name: "a" + text(), namespace: text(), labels: texts())
        metadata.generateName = maybe { $0.text() }
        metadata.uid = maybe { $0.text() }
        metadata.resourceVersion = maybe { "\($0.number())" }
        metadata.generation = maybe { Int64($0.number()) }
        metadata.creationTimestamp = maybe { $0.time() }
        metadata.deletionTimestamp = maybe { $0.time() }
        metadata.annotations = texts()
        if flag() { metadata.annotations[EndpointSlice.triggerTimeAnnotation] = text() }
        metadata.finalizers = many { $0.text() }
        metadata.ownerReferences = many {
            OwnerReference(apiVersion: $0.text(), kind: $0.text(), name: $0.text(), uid: $0.text())
        }
        return metadata
    }

    private mutating func servicePort() -> ServicePortSpec {
        ServicePortSpec(
            name: text(), protocol: text(), port: number(), targetPort: maybe { $0.flag() ? .int(1) : .string("x") },
            nodePort: number())
    }

    private mutating func ingress() -> LoadBalancerStatus.Ingress {
        LoadBalancerStatus.Ingress(ip: maybe { $0.text() }, hostname: maybe { $0.text() }, ipMode: maybe { $0.text() })
    }

    private mutating func endpoint() -> EndpointSpec {
        var endpoint = EndpointSpec(addresses: many { $0.text() }, nodeName: maybe { $0.text() })
        endpoint.conditions = EndpointConditions(
            ready: maybe { $0.flag() }, serving: maybe { $0.flag() }, terminating: maybe { $0.flag() })
        endpoint.zone = maybe { $0.text() }
        endpoint.hostname = maybe { $0.text() }
        endpoint.hints = maybe { random in
            EndpointHints(
                forZones: random.maybe { $0.many { $0.text() } }, forNodes: random.maybe { $0.many { $0.text() } })
        }
        endpoint.targetRef = maybe { ObjectReference(kind: "Pod", namespace: $0.text(), name: $0.text()) }
        return endpoint
    }
}

extension RandomObjects {
    private mutating func text() -> String {
        let parts = [
            "a", "web", "10.0.0.1", "fd00::1", "\"", "\\", "/", "\n", "\u{1}", "ä", "€", "😀", "kubernetes.io/name",
        ]
        return (0..<Int.random(in: 0...4, using: &generator)).map { _ in pick(parts) }.joined()
    }

    private mutating func texts() -> [String: String] {
        Dictionary(many { ($0.text(), $0.text()) }) { $1 }
    }

    private mutating func number() -> Int {
        pick([0, 1, 80, 65_535, -1, .max, .min, Int.random(in: -100_000...100_000, using: &generator)])
    }

    /// As `metadata` holds them, to the second.
    private mutating func time() -> Timestamp {
        Timestamp(
            microsecondsSinceEpoch: Int64.random(in: -60_000_000_000...200_000_000_000, using: &generator) * 1_000_000)
    }

    private mutating func flag() -> Bool { Bool.random(using: &generator) }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &generator)]
    }

    private mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Value? { flag() ? value(&self) : nil }

    private mutating func many<Value>(_ value: (inout Self) -> Value) -> [Value] {
        (0..<Int.random(in: 0...3, using: &generator)).map { _ in value(&self) }
    }
}

/// An object without the fields that are not read over the wire.
protocol Reducible {
    var reduced: Self { get }
}

extension ObjectMeta {
    fileprivate var reduced: ObjectMeta {
        var reduced = ObjectMeta(name: name, namespace: namespace, labels: labels)
        reduced.uid = uid
        reduced.resourceVersion = resourceVersion
        reduced.creationTimestamp = creationTimestamp
        reduced.deletionTimestamp = deletionTimestamp
        reduced.annotations = annotations.filter { $0.key == EndpointSlice.triggerTimeAnnotation }
        return reduced
    }
}

extension Service: Reducible {
    var reduced: Service {
        var ports = spec.ports
        for index in ports.indices {
            ports[index].targetPort = nil
            ports[index].appProtocol = nil
        }
        var reduced = Service(metadata: metadata.reduced, spec: ServiceSpec(type: spec.type, ports: ports))
        reduced.spec.clusterIP = spec.clusterIP
        reduced.spec.clusterIPs = spec.clusterIPs
        reduced.spec.externalTrafficPolicy = spec.externalTrafficPolicy
        reduced.spec.internalTrafficPolicy = spec.internalTrafficPolicy
        reduced.spec.sessionAffinity = spec.sessionAffinity
        reduced.spec.sessionAffinityConfig = spec.sessionAffinityConfig
        reduced.spec.externalIPs = spec.externalIPs
        reduced.spec.healthCheckNodePort = spec.healthCheckNodePort
        reduced.spec.loadBalancerSourceRanges = spec.loadBalancerSourceRanges
        reduced.status = status
        return reduced
    }
}

extension EndpointSlice: Reducible {
    var reduced: EndpointSlice {
        var reduced = self
        reduced.metadata = metadata.reduced
        for index in endpoints.indices {
            reduced.endpoints[index].targetRef = nil
            reduced.endpoints[index].hostname = nil
        }
        for index in ports.indices { reduced.ports[index].appProtocol = nil }
        return reduced
    }
}

extension Node: Reducible {
    var reduced: Node {
        var reduced = Node(metadata: metadata.reduced, status: NodeStatus(addresses: status.addresses))
        reduced.spec.podCIDR = spec.podCIDR
        reduced.spec.podCIDRs = spec.podCIDRs
        reduced.spec.taints = spec.taints
        return reduced
    }
}

extension ServiceCIDR: Reducible {
    var reduced: ServiceCIDR { ServiceCIDR(metadata: metadata.reduced, cidrs: spec.cidrs) }
}
