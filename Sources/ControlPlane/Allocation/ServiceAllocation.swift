import KubeAPI
import Net

/// One Service's way through the allocator, under its lock: what it asks for first, then what it is given.
///
/// The allocator's state is passed on and not held: a second reference would make the next write copy it.
struct ServiceAllocation {
    typealias State = ServiceAllocator.State

    let allocator: ServiceAllocator
    var service: KubeAPI.Service
    private(set) var claims: [Claim] = []

    private let owner: NamespacedName

    init(allocator: ServiceAllocator, service: KubeAPI.Service) {
        self.allocator = allocator
        self.service = service
        owner = NamespacedName(of: service)
    }

    /// - Throws: `AllocationError`; nothing is held then.
    mutating func run(_ state: State) throws(AllocationError) {
        guard service.spec.type != "ExternalName" else { return }
        for (claim, path) in service.claims {
            try check(claim, path, state)
            claims.append(claim)
        }
        if !service.isHeadless { try allocateAddresses(state) }
        if service.wantsNodePorts { try allocateNodePorts(state) }
        if service.wantsHealthCheckNodePort, (service.spec.healthCheckNodePort ?? 0) == 0 {
            let port = try freePort(key: "health", protocols: [.tcp], path: "spec.healthCheckNodePort", state)
            claims.append(.nodePort(port, .tcp))
            service.spec.healthCheckNodePort = Int(port)
        }
    }

    private func check(_ claim: Claim, _ path: String, _ state: State) throws(AllocationError) {
        switch claim {
        case .address(let address):
            guard let pool = allocator.pools[address.family], pool.contains(address) else {
                let range = allocator.pools.values.map(\.prefix).sorted().map(\.description).joined(separator: ", ")
                throw failure(path, .outside("\(address)", range: range))
            }
            let isKubernetes = owner == NamespacedName(namespace: "default", name: "kubernetes")
            if address == pool.kubernetesAddress, !isKubernetes { throw failure(path, .reservedForKubernetes(address)) }
        case .nodePort(let port, _):
            guard allocator.nodePorts.range.contains(port) else {
                throw failure(path, .outside("\(port)", range: "\(allocator.nodePorts.range)"))
            }
        }
        if let other = state.otherOwner(of: claim, than: owner) {
            throw failure(path, .inUse("\(claim)", by: other))
        }
    }

    private mutating func allocateAddresses(_ state: State) throws(AllocationError) {
        let families = service.spec.ipFamilies.compactMap(AddressRules.family)
        for (index, family) in families.enumerated() where index >= service.spec.clusterIPs.count {
            guard let pool = allocator.pools[family] else { continue }
            guard let address = pool.firstFree(for: "\(owner)", isTaken: { isTaken(.address($0), state) }) else {
                throw failure("spec.clusterIPs[\(index)]", .exhausted(range: "\(pool.prefix)"))
            }
            claims.append(.address(address))
            service.spec.clusterIPs.append("\(address)")
        }
        service.spec.clusterIP = service.spec.clusterIPs.first ?? ""
    }

    /// Ports of one number with different protocols, such as DNS, share their node port where they can, as upstream.
    private mutating func allocateNodePorts(_ state: State) throws(AllocationError) {
        for index in service.spec.ports.indices where service.spec.ports[index].nodePort == 0 {
            let port = service.spec.ports[index]
            let transport = L4Protocol(name: port.protocol) ?? .tcp
            let sibling = service.spec.ports.first {
                $0.port == port.port && $0.protocol != port.protocol && $0.nodePort != 0
            }
            let shared = sibling.flatMap { UInt16(exactly: $0.nodePort) }
            if let shared, !isTaken(.nodePort(shared, transport), state) {
                claims.append(.nodePort(shared, transport))
                service.spec.ports[index].nodePort = Int(shared)
                continue
            }
            // Free for the siblings to come too, so that the order of ports makes no difference.
            let siblings = service.spec.ports.filter { $0.port == port.port && $0.nodePort == 0 }
                .compactMap { L4Protocol(name: $0.protocol) }
            let number = try freePort(
                key: "\(port.port)", protocols: [transport] + siblings, path: "spec.ports[\(index)].nodePort", state)
            claims.append(.nodePort(number, transport))
            service.spec.ports[index].nodePort = Int(number)
        }
    }

    private func freePort(
        key: String, protocols: [L4Protocol], path: String, _ state: State
    ) throws(AllocationError) -> UInt16 {
        let pool = allocator.nodePorts
        let port = pool.firstFree(for: "\(owner)/\(key)") { port in
            protocols.contains { isTaken(.nodePort(port, $0), state) }
        }
        guard let port else { throw failure(path, .exhausted(range: "\(pool.range)")) }
        return port
    }

    private func isTaken(_ claim: Claim, _ state: State) -> Bool {
        claims.contains(claim) || state.otherOwner(of: claim, than: owner) != nil
    }

    private func failure(_ path: String, _ cause: AllocationError.Cause) -> AllocationError {
        AllocationError(service: owner, path: path, cause: cause)
    }
}
