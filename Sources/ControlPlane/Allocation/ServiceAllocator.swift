import KubeAPI
import Net
import Synchronization

/// Gives Services their ClusterIPs and NodePorts.
///
/// What is taken is what the stored Services have: the store's events say so, in the order of commits (`observe`). A
/// write that is under way holds its claims as a `Reservation`. The choice depends on the Service's name alone where it
/// is free, so Services that are loaded together get the same addresses every time.
package final class ServiceAllocator: Sendable {
    struct State {
        var owners: [Claim: NamespacedName] = [:]
        var pending: [Claim: (owner: NamespacedName, count: Int)] = [:]

        /// The Service that has `claim`, if it is not `owner`.
        func otherOwner(of claim: Claim, than owner: NamespacedName) -> NamespacedName? {
            if let other = owners[claim], other != owner { return other }
            if let other = pending[claim]?.owner, other != owner { return other }
            return nil
        }

        mutating func hold(_ claims: [Claim], for owner: NamespacedName) {
            for claim in claims { pending[claim] = (owner, (pending[claim]?.count ?? 0) + 1) }
        }
    }

    let pools: [IPFamily: AddressPool]
    /// The family that a Service has which does not say.
    let defaultFamily: IPFamily
    let nodePorts: NodePortPool
    private let state = Mutex(State())

    /// `serviceCIDRs` has one or two prefixes of different families; the first is the default.
    ///
    /// - Throws: `ConfigurationError`.
    package init(serviceCIDRs: [IPPrefix], nodePorts: PortRange) throws(ConfigurationError) {
        guard let first = serviceCIDRs.first else { throw .noServiceCIDR }
        var pools: [IPFamily: AddressPool] = [:]
        for prefix in serviceCIDRs {
            if let other = pools.updateValue(AddressPool(prefix), forKey: prefix.family) {
                throw .sameFamily(other.prefix, prefix)
            }
        }
        self.pools = pools
        defaultFamily = first.family
        self.nodePorts = NodePortPool(nodePorts)
    }

    /// Fills in the families, addresses and node ports of `service`, which is valid and is to replace `old`.
    ///
    /// - Throws: a `Status` that names the Service, the field and who has the value.
    func allocate(_ service: inout KubeAPI.Service, replacing old: KubeAPI.Service?) throws(Status) -> Reservation {
        let failures = service.resolveFamilies(
            available: Set(pools.keys), defaultFamily: defaultFamily, replacing: old)
        guard failures.isEmpty else { throw .invalid(service.reference, failures) }
        do {
            let claims = try state.withLock { (state) throws(AllocationError) in
                var allocation = ServiceAllocation(allocator: self, service: service)
                try allocation.run(state)
                service = allocation.service
                state.hold(allocation.claims, for: NamespacedName(of: service))
                return allocation.claims
            }
            return Reservation(claims, in: self)
        } catch { throw error.status }
    }

    /// Holds what the Services ask for by value, before any of them gets one that nobody asked for. Of two that ask
    /// for the same the first has it.
    package func reserveExplicit(_ services: [KubeAPI.Service]) -> Reservation {
        let claims = state.withLock { state in
            var all: [Claim] = []
            for service in services {
                let owner = NamespacedName(of: service)
                let free = service.claims.map(\.claim).filter { state.otherOwner(of: $0, than: owner) == nil }
                state.hold(free, for: owner)
                all += free
            }
            return all
        }
        return Reservation(claims, in: self)
    }

    /// Follows the store; a sink for the Services.
    package func observe(_ event: WatchEvent<KubeAPI.Service>, previous: KubeAPI.Service?) {
        state.withLock { state in
            if let previous {
                let owner = NamespacedName(of: previous)
                for (claim, _) in previous.claims where state.owners[claim] == owner { state.owners[claim] = nil }
            }
            switch event {
            case .added(let service), .modified(let service):
                let owner = NamespacedName(of: service)
                for (claim, _) in service.claims where state.owners[claim] == nil { state.owners[claim] = owner }
            case .deleted: break
            }
        }
    }

    func release(_ claims: [Claim]) {
        state.withLock { state in
            for claim in claims {
                guard let held = state.pending[claim] else { continue }
                state.pending[claim] = held.count > 1 ? (held.owner, held.count - 1) : nil
            }
        }
    }

    /// How many addresses and ports are taken or held.
    var claimCount: Int { state.withLock { Set($0.owners.keys).union($0.pending.keys).count } }
}
