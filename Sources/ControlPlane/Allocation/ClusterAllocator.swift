import APIMachinery
import KubeAPI
import Net
import Storage
import Synchronization

/// Gives Services their ClusterIPs and node ports.
///
/// What is taken is what the stored Services have: the store's events say so, in the order of commits (`follow`), so that
/// nothing has to be repaired after a restart. A write that is under way holds its claims as a `ClaimHold`. The choice
/// depends on the Service's name alone where it is free.
package final class ClusterAllocator: Sendable {
    struct State {
        var owners: [ServiceClaim: ObjectName] = [:]
        var pending: [ServiceClaim: (owner: ObjectName, count: Int)] = [:]

        func isTaken(_ claim: ServiceClaim, byOtherThan owner: ObjectName) -> Bool {
            if let other = owners[claim], other != owner { return true }
            if let other = pending[claim]?.owner, other != owner { return true }
            return false
        }
    }

    let pools: [IPFamily: AddressPool]
    /// The family of a Service that names none.
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

    /// The prefixes of the ClusterIPs, that of the default family first.
    var serviceCIDRs: [IPPrefix] {
        [defaultFamily, defaultFamily == .ipv4 ? .ipv6 : .ipv4].compactMap { pools[$0]?.prefix }
    }

    /// Fills in the addresses and node ports of a Service whose families are known.
    ///
    /// - Throws: 422 Invalid for what another Service has or no range has; 500 where a range is full.
    func allocate(_ service: inout Unstructured, _ resource: Resource) throws(Status) -> ClaimHold {
        let owner = service.objectName
        let claims = try state.withLock { (state) throws(Status) in
            var allocation = ClusterAllocation(allocator: self, service: service, resource: resource)
            try allocation.run(state)
            service = allocation.service
            for claim in allocation.claims {
                state.pending[claim] = (owner, (state.pending[claim]?.count ?? 0) + 1)
            }
            return allocation.claims
        }
        return ClaimHold(Array(claims), in: self)
    }

    /// Holds what Services ask for by value, before any of them gets one that nobody asked for: for those who load many
    /// at once. Of two that ask for the same the first has it.
    package func reserveExplicit(_ services: [Unstructured]) -> ClaimHold {
        let held = state.withLock { state in
            var held: [ServiceClaim] = []
            for service in services {
                let owner = service.objectName
                for claim in ServiceDemand(service["spec"]).claims
                where !state.isTaken(claim, byOtherThan: owner) {
                    state.pending[claim] = (owner, (state.pending[claim]?.count ?? 0) + 1)
                    held.append(claim)
                }
            }
            return held
        }
        return ClaimHold(held, in: self)
    }

    /// Takes over what the stored Services have, and follows them from then on.
    func follow(_ store: any KeyValueStore, _ kind: ServedKind) async throws(StorageError) {
        _ = try await store.watch(prefix: kind.keyPrefix, from: .existingPairs) { [weak self] event in
            guard let self else { return .end }
            let owner = kind.name(ofKey: event.pair.key)
            let before = Self.claims(event.previous)
            let after = event.kind == .deleted ? [] : Self.claims(event.pair)
            guard before != after || event.kind == .deleted else { return .more }
            self.state.withLock { state in
                // A deletion's event may come without what was there before.
                let gone = event.kind == .deleted ? before.union(Self.claims(event.pair)) : before
                for claim in gone where state.owners[claim] == owner { state.owners[claim] = nil }
                for claim in after where state.owners[claim] == nil { state.owners[claim] = owner }
            }
            return .more
        }
    }

    private static func claims(_ pair: KeyValue?) -> Set<ServiceClaim> {
        guard let pair, let tree = try? JSONValue(json: pair.value.span, keeping: ServiceDemand.fields) else {
            return []
        }
        return ServiceDemand(tree["spec"]).claims
    }

    fileprivate func release(_ claims: [ServiceClaim]) {
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

/// Claims that are kept for a write which is under way. They are given up with `end()` or the last reference, after the
/// store has told the allocator what was written.
package final class ClaimHold: Sendable {
    private let claims: Mutex<[ServiceClaim]>
    private let allocator: ClusterAllocator

    fileprivate init(_ claims: [ServiceClaim], in allocator: ClusterAllocator) {
        self.claims = Mutex(claims)
        self.allocator = allocator
    }

    /// Gives the claims up; the second call does nothing.
    package func end() {
        let held = claims.withLock { claims in
            defer { claims = [] }
            return claims
        }
        if !held.isEmpty { allocator.release(held) }
    }

    deinit { end() }
}
