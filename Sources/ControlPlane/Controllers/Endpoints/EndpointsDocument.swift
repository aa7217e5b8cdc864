import KubeAPI
import Net

/// The Endpoints object of a Service: what clients read that know no EndpointSlices (pkg/controller/endpoint).
struct EndpointsDocument {
    /// As upstream's `maxCapacity`.
    static let capacity = 1000
    private static let managedBy = "endpoints.kubernetes.io/managed-by"
    private static let overCapacity = "endpoints.kubernetes.io/over-capacity"

    private struct Address {
        let json: JSONValue
        let ip: String
        let isReady: Bool
    }

    private struct Subset {
        let ports: [EndpointPort]
        var addresses: [Address] = []
    }

    private let service: KubeAPI.Service
    private var subsets: [Subset] = []
    private let isTruncated: Bool

    init(_ service: KubeAPI.Service, pods: [PlacedPod]) {
        self.service = service
        let family = service.sliceFamilies.first ?? .ipv4
        let isHeadless = IPAddress(parsing: service.spec.clusterIP) == nil
        var positions: [PortKey: Int] = [:]
        for placed in pods where placed.pod.deleted == nil || service.spec.publishNotReadyAddresses {
            guard let ip = placed.pod.addresses.first(where: { $0.family == family }) else { continue }
            let ports = placed.ports(of: service)
            if ports.isEmpty, !(isHeadless && service.spec.ports.isEmpty) { continue }
            let key = PortKey(ports)
            let position = positions[key] ?? subsets.count
            if position == subsets.count {
                subsets.append(Subset(ports: ports))
                positions[key] = position
            }
            subsets[position].addresses.append(Self.address(placed, ip.description, service))
        }
        isTruncated = Self.truncate(&subsets)
    }

    private static func address(_ placed: PlacedPod, _ ip: String, _ service: KubeAPI.Service) -> Address {
        let pod = placed.pod
        var json: JSONValue = ["ip": .string(ip)]
        if placed.hasName(in: service) { json["hostname"] = .string(pod.hostname) }
        json["nodeName"] = placed.nodeName.map { .string($0) }
        json["targetRef"] =
            ObjectReference(
                kind: "Pod", namespace: pod.name.namespace, name: pod.name.name, uid: pod.uid
            ).json
        return Address(json: json, ip: ip, isReady: service.spec.publishNotReadyAddresses || pod.isReady)
    }

    /// Leaves each subset its share of what may be there; those that are ready come first.
    private static func truncate(_ subsets: inout [Subset]) -> Bool {
        let ready = subsets.reduce(0) { $0 + $1.addresses.count(where: \.isReady) }
        let all = subsets.reduce(0) { $0 + $1.addresses.count }
        guard all > capacity else { return false }
        let cutsReady = ready > capacity
        let room = cutsReady ? capacity : capacity - ready
        let total = cutsReady ? ready : all - ready
        var left = room
        for index in subsets.indices {
            let (own, others) = (
                subsets[index].addresses.filter { $0.isReady == cutsReady },
                subsets[index].addresses.filter { $0.isReady != cutsReady }
            )
            let share = min(left, (own.count * room + total - 1) / max(total, 1))
            let kept = Array(own.prefix(share))
            left -= kept.count
            subsets[index].addresses = kept + (cutsReady ? [] : others)
        }
        return true
    }

    /// The object as it should be, over what there is; nil where nothing differs.
    func written(over current: Unstructured?, trigger: Timestamp?) -> Unstructured? {
        var object =
            current
            ?? Unstructured(.endpoints, namespace: service.metadata.namespace, name: service.metadata.name)
        let json = self.json
        var labels = service.metadata.labels
        labels[EndpointSlice.headlessLabel] = IPAddress(parsing: service.spec.clusterIP) == nil ? "" : nil
        labels[Self.managedBy] = "endpoint-controller"
        let mark = object.annotations[Self.overCapacity]
        if let current, current["subsets"] ?? [] == json, current.labels == labels,
            mark == (isTruncated ? "truncated" : nil)
        {
            return nil
        }
        object.labels = labels
        object["subsets"] = json == [] ? nil : json
        object.annotations[EndpointSlice.triggerTimeAnnotation] = trigger?.microsecondText
        object.annotations[Self.overCapacity] = isTruncated ? "truncated" : nil
        return object
    }

    private var json: JSONValue {
        .array(
            subsets.filter { !$0.addresses.isEmpty }.map { subset in
                let addresses = subset.addresses.sorted { $0.ip < $1.ip }
                let ready = addresses.filter(\.isReady).map(\.json)
                let others = addresses.filter { !$0.isReady }.map(\.json)
                var json: JSONValue = .object(JSONObject())
                if !ready.isEmpty { json["addresses"] = .array(ready) }
                if !others.isEmpty { json["notReadyAddresses"] = .array(others) }
                if !subset.ports.isEmpty {
                    json["ports"] = .array(
                        subset.ports.map { port in
                            var json = port.json
                            if port.name?.isEmpty ?? true { json["name"] = nil }
                            return json
                        })
                }
                return json
            })
    }
}
