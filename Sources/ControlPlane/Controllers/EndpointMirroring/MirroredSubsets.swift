import KubeAPI
import Net

/// What the slices of an Endpoints object are to hold (pkg/controller/endpointslicemirroring).
struct MirroredSubsets {
    /// The endpoints of one slice.
    struct Group {
        let family: IPFamily
        let ports: [EndpointPort]
        var endpoints: [EndpointSpec] = []
    }

    /// The most addresses of one subset that are mirrored (`--mirroring-max-endpoints-per-subset`).
    static let limit = 1000

    private(set) var groups: [Group] = []
    /// How many addresses are none.
    private(set) var invalid = 0
    /// How many there are beyond the limit.
    private(set) var surplus = 0

    init(_ endpoints: Unstructured) {
        for subset in Self.merged(endpoints.tree.list(at: "subsets")) {
            var added = 0
            for (address, isReady) in subset.addresses {
                if added >= Self.limit {
                    surplus += 1
                } else if let ip = IPAddress(parsing: address.text(at: "ip")) {
                    add(Self.endpoint(address, ip, isReady: isReady), ip.family, subset.ports)
                    added += 1
                } else {
                    invalid += 1
                }
            }
        }
    }

    private struct Subset {
        let ports: [EndpointPort]
        /// Those that are ready first.
        var addresses: [(tree: JSONValue, isReady: Bool)] = []
    }

    /// Subsets with the same ports are one (upstream's `RepackSubsets`).
    private static func merged(_ trees: [JSONValue]) -> [Subset] {
        var subsets: [Subset] = []
        var positions: [PortKey: Int] = [:]
        for tree in trees {
            let ports = tree.list(at: "ports").map { port in
                let transport = port.text(at: "protocol")
                var result = EndpointPort(
                    name: port.text(at: "name"), protocol: transport.isEmpty ? "TCP" : transport,
                    port: port.int(at: "port"))
                result.appProtocol = port["appProtocol"]?.string
                return result
            }
            let position = positions[PortKey(ports)] ?? subsets.count
            if position == subsets.count {
                subsets.append(Subset(ports: ports))
                positions[PortKey(ports)] = position
            }
            subsets[position].addresses += tree.list(at: "addresses").map { ($0, true) }
            subsets[position].addresses += tree.list(at: "notReadyAddresses").map { ($0, false) }
        }
        for index in subsets.indices {
            let addresses = subsets[index].addresses
            var seen: Set<String> = []
            subsets[index].addresses = (addresses.filter(\.isReady) + addresses.filter { !$0.isReady })
                .filter { seen.insert($0.tree.text(at: "ip")).inserted }
        }
        return subsets
    }

    private static func endpoint(_ address: JSONValue, _ ip: IPAddress, isReady: Bool) -> EndpointSpec {
        var endpoint = EndpointSpec(
            addresses: ["\(ip)"], conditions: EndpointConditions(ready: isReady),
            nodeName: address["nodeName"]?.string)
        let hostname = address.text(at: "hostname")
        if !hostname.isEmpty { endpoint.hostname = hostname }
        if let target = address["targetRef"], !target.isNull {
            endpoint.targetRef = ObjectReference(
                kind: target.text(at: "kind"), namespace: target.text(at: "namespace"),
                name: target.text(at: "name"), uid: target["uid"]?.string)
        }
        return endpoint
    }

    private mutating func add(_ endpoint: EndpointSpec, _ family: IPFamily, _ ports: [EndpointPort]) {
        let key = PortKey(ports)
        if let index = groups.firstIndex(where: { $0.family == family && PortKey($0.ports) == key }) {
            groups[index].endpoints.append(endpoint)
        } else {
            groups.append(Group(family: family, ports: ports, endpoints: [endpoint]))
        }
    }
}
