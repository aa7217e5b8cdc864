import APIMachinery
import KubeAPI
import Net

/// One Service's way through the allocator, under its lock: what it asks for first, then what it is given
/// (pkg/registry/core/service/storage/alloc.go).
///
/// The allocator's state is passed on and not held: a second reference would make the next write copy it.
struct ClusterAllocation {
    typealias State = ClusterAllocator.State

    let allocator: ClusterAllocator
    var service: Unstructured
    let resource: Resource
    private(set) var claims: Set<ServiceClaim> = []

    private var spec: JSONValue
    private let owner: ObjectName

    init(allocator: ClusterAllocator, service: Unstructured, resource: Resource) {
        self.allocator = allocator
        self.service = service
        self.resource = resource
        spec = service["spec"] ?? .null
        owner = service.objectName
    }

    private var demand: ServiceDemand { ServiceDemand(spec) }

    /// - Throws: 422, 500; nothing is held then.
    mutating func run(_ state: State) throws(Status) {
        guard demand.type != "ExternalName" else { return }
        if !demand.isHeadless { try allocateAddresses(state) }
        if demand.mayHaveNodePorts { try allocateNodePorts(state) }
        if demand.wantsHealthCheckNodePort { try allocateHealthCheckNodePort(state) }
        service["spec"] = spec
    }

    private mutating func allocateAddresses(_ state: State) throws(Status) {
        let families = demand.ipFamilies.compactMap { IPFamily(kubernetesName: $0) }
        var addresses = demand.clusterIPs
        for text in addresses {
            guard let address = IPAddress(parsing: text) else { continue }
            try claim(address, written: text, state)
        }
        for (index, family) in families.enumerated() where index >= addresses.count {
            guard let pool = allocator.pools[family] else { continue }
            var free: IPAddress?
            for pool in [pool] + state.furtherPools(family) where free == nil {
                free = pool.firstFree(for: owner.claimKey) { isTaken(.address($0), state) }
            }
            guard let free else {
                throw .internalError("failed to allocate a serviceIP for Service \"\(owner.name)\": range is full")
            }
            claims.insert(.address(free))
            addresses.append("\(free)")
        }
        guard let first = addresses.first else { return }
        spec["clusterIP"] = .string(first)
        spec["clusterIPs"] = JSONValue(addresses)
    }

    private mutating func claim(_ address: IPAddress, written text: String, _ state: State) throws(Status) {
        func refusal(_ cause: String) -> Status {
            .invalid(
                resource, name: owner.name,
                [.invalid("spec.clusterIPs", JSONValue(demand.clusterIPs), "failed to allocate IP \(text): \(cause)")])
        }
        let pools = (allocator.pools[address.family].map { [$0] } ?? []) + state.furtherPools(address.family)
        guard let pool = pools.first(where: { $0.contains(address) }) else {
            // What is stored stays, even when the ranges have become others.
            if state.owners[.address(address)] == owner { return }
            let range = allocator.pools[address.family]?.prefix ?? allocator.serviceCIDRs[0]
            throw refusal(
                "the provided IP (\(address)) is not in the valid range. The range of valid IPs is \(range)")
        }
        let isReserved =
            pool.keepsFirst && address == pool.kubernetesAddress
            && owner != ObjectName(namespace: "default", name: "kubernetes")
        if isReserved || state.isTaken(.address(address), byOtherThan: owner) {
            throw refusal("provided IP is already allocated")
        }
        claims.insert(.address(address))
    }

    /// Ports of one number with different protocols, such as DNS, share their node port.
    private mutating func allocateNodePorts(_ state: State) throws(Status) {
        var ports = spec["ports"]?.array ?? []
        var byPort: [Int: Int] = [:]
        let (resource, name) = (resource, owner.name)
        for (index, port) in ports.enumerated() {
            guard let number = port["nodePort"]?.integer, number != 0 else { continue }
            try claimPort(number, state) { cause in
                .invalid(
                    resource, name: name, [.invalid("spec.ports[\(index)].nodePort", JSONValue(number), cause)])
            }
            if let key = port["port"]?.integer, byPort[key] == nil { byPort[key] = number }
        }
        guard demand.wantsNodePorts else { return }
        for index in ports.indices where (ports[index]["nodePort"]?.integer ?? 0) == 0 {
            let key = ports[index]["port"]?.integer ?? 0
            let number: Int
            if let shared = byPort[key], !ports.contains(where: { $0.hasNodePort(shared, as: ports[index]) }) {
                number = shared
            } else {
                number = try freePort(key: "\(key)", state)
            }
            byPort[key] = number
            ports[index]["nodePort"] = JSONValue(number)
        }
        spec["ports"] = .array(ports)
    }

    private mutating func allocateHealthCheckNodePort(_ state: State) throws(Status) {
        let wanted = demand.healthCheckNodePort
        guard wanted == 0 else {
            return try claimPort(wanted, state) { cause in
                .internalError("failed to allocate requested HealthCheck NodePort \(wanted): \(cause)")
            }
        }
        spec["healthCheckNodePort"] = JSONValue(try freePort(key: "health", state))
    }

    private mutating func claimPort(
        _ number: Int, _ state: State, _ refusal: (_ cause: String) -> Status
    ) throws(Status) {
        let range = allocator.nodePorts.range
        guard let port = UInt16(exactly: number), range.contains(port) else {
            if let port = UInt16(exactly: number), state.owners[.nodePort(port)] == owner { return }
            throw refusal("provided port is not in the valid range. The range of valid ports is \(range)")
        }
        guard !state.isTaken(.nodePort(port), byOtherThan: owner) else {
            throw refusal("provided port is already allocated")
        }
        claims.insert(.nodePort(port))
    }

    private mutating func freePort(key: String, _ state: State) throws(Status) -> Int {
        let free = allocator.nodePorts.firstFree(for: "\(owner.claimKey)/\(key)") { port in
            isTaken(.nodePort(port), state)
        }
        guard let free else { throw .internalError("failed to allocate a nodePort: range is full") }
        claims.insert(.nodePort(free))
        return Int(free)
    }

    private func isTaken(_ claim: ServiceClaim, _ state: State) -> Bool {
        if case .address(let address) = claim, state.documents[address] != nil { return true }
        return claims.contains(claim) || state.owners[claim] != nil || state.isTaken(claim, byOtherThan: owner)
    }
}

extension JSONValue {
    /// Whether this port of a Service has the node port for the same protocol as another.
    fileprivate func hasNodePort(_ number: Int, as other: JSONValue) -> Bool {
        self["nodePort"]?.integer == number
            && (self["protocol"]?.string ?? "TCP") == (other["protocol"]?.string ?? "TCP")
    }
}

extension ObjectName {
    /// `default/web`: what a Service's addresses and ports follow from.
    fileprivate var claimKey: String { "\(namespace)/\(name)" }
}

extension IPFamily {
    /// `IPv4`, `IPv6`.
    init?(kubernetesName: String) {
        switch kubernetesName {
        case "IPv4": self = .ipv4
        case "IPv6": self = .ipv6
        default: return nil
        }
    }
}
