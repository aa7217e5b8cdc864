import APIMachinery
import KubeAPI
import Net
import Storage
import TestSupport

/// Services `s-0`…, each with a ClusterIP, one in ten with a NodePort, and one EndpointSlice each.
struct SyntheticCluster {
    static let nodeName = "node-0"
    static let podCIDRs = [IPPrefix(containing: IPAddress(v4: 10 << 24), length: 8)].compactMap { $0 }
    private static let nodes = 100
    /// Pods have addresses of 10.0.0.0/8, each once.
    static let podLimit = 1 << 24 - 1

    private var slices: [EndpointSlice] = []
    private let services: Int
    private let endpoints: Int
    private var nextPod: UInt32 = 0
    private var generator = SeededGenerator(seed: 1)

    init(services: Int, endpoints: Int) {
        self.services = services
        self.endpoints = endpoints
    }

    /// Puts all into the store, and keeps the slices for `changeOneEndpoint` unless told otherwise.
    mutating func fill(_ store: EmbeddedStore, keepsSlices: Bool = true) async throws {
        for number in 0..<services {
            let (service, slice) = makeObjects(number)
            if keepsSlices { slices.append(slice) }
            _ = try await store.commit(Transaction([try Self.put(service), try Self.put(slice)]))
        }
    }

    /// The next Service and its slice, which `change` and `changeOneEndpoint` know.
    mutating func addService() -> (Service, EndpointSlice) {
        let (service, slice) = makeObjects(slices.count)
        slices.append(slice)
        return (service, slice)
    }

    /// What may happen to an endpoint.
    enum Change: String, CaseIterable {
        case add, remove, replace
    }

    /// The slice of a Service, with one endpoint changed.
    mutating func change(_ change: Change, of number: Int) -> EndpointSlice {
        switch change {
        case .add: slices[number].endpoints.append(makeEndpoint())
        case .remove: slices[number].endpoints.remove(at: slices[number].endpoints.count / 2)
        case .replace: slices[number].endpoints[slices[number].endpoints.count / 2] = makeEndpoint()
        }
        return slices[number]
    }

    private static func put(_ object: some KubernetesObject) throws -> Transaction.Operation {
        let name = object.metadata.name
        return .put(
            "\(type(of: object).resource.storedPrefix)/default/\(name)", Array(try JSON.encode(object)))
    }

    /// Service `number` and its EndpointSlice, with new endpoints.
    mutating func makeObjects(_ number: Int) -> (Service, EndpointSlice) {
        let name = "s-\(number)"
        let hasNodePort = number % 10 == 0 && number < 27_670
        var service = Service(
            metadata: ObjectMeta(name: name, namespace: "default"),
            spec: ServiceSpec(
                type: hasNodePort ? "NodePort" : "ClusterIP", selector: ["app": name],
                ports: [ServicePortSpec(name: "http", port: 80, nodePort: hasNodePort ? 30_000 + number / 10 : 0)]))
        service.spec.clusterIP = "\(IPAddress(v4: 0xAC10_0001 + UInt32(number)))"
        service.spec.clusterIPs = [service.spec.clusterIP]
        service.spec.ipFamilies = ["IPv4"]
        var metadata = ObjectMeta(name: "\(name)-0", namespace: "default")
        metadata.labels = [EndpointSlice.serviceNameLabel: name]
        let slice = EndpointSlice(
            metadata: metadata, addressType: "IPv4", endpoints: (0..<endpoints).map { _ in makeEndpoint() },
            ports: [EndpointPort(name: "http", port: 8080)])
        return (service, slice)
    }

    /// A slice with an endpoint more, less, or another one.
    mutating func changeOneEndpoint() -> EndpointSlice {
        let number = Int.random(in: 0..<services, using: &generator)
        let count = slices[number].endpoints.count
        let place = Int.random(in: 0..<count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0 where count < endpoints + 2: slices[number].endpoints.append(makeEndpoint())
        case 1 where count > max(endpoints - 2, 1): slices[number].endpoints.remove(at: place)
        default: slices[number].endpoints[place] = makeEndpoint()
        }
        return slices[number]
    }

    private mutating func makeEndpoint() -> EndpointSpec {
        nextPod += 1
        var endpoint = EndpointSpec(
            addresses: ["\(IPAddress(v4: 10 << 24 | nextPod))"], conditions: EndpointConditions(ready: true),
            nodeName: "node-\(Int(nextPod) % Self.nodes)")
        endpoint.targetRef = ObjectReference(kind: "Pod", namespace: "default", name: "pod-\(nextPod)")
        return endpoint
    }
}
