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
        /// The Service that each IPAddress object names; another name for one that names none.
        var documents: [IPAddress: ObjectName] = [:]
        /// What ServiceCIDR objects offer beside the ranges of the configuration, by their names.
        var ranges: [String: [AddressPool]] = [:]

        func isTaken(_ claim: ServiceClaim, byOtherThan owner: ObjectName) -> Bool {
            if let other = owners[claim], other != owner { return true }
            if case .address(let address) = claim, let other = documents[address], other != owner { return true }
            if let other = pending[claim]?.owner, other != owner { return true }
            return false
        }

        /// The ranges of a family beside the configured one, in the order of their objects' names.
        func furtherPools(_ family: IPFamily) -> [AddressPool] {
            ranges.sorted { $0.key < $1.key }.flatMap(\.value).filter { $0.prefix.family == family }
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

    /// Takes over what the stored Services have, and follows them from then on.
    func follow(_ store: any KeyValueStore, services kind: ServedKind) async throws(StorageError) {
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

    /// Takes no address that an IPAddress object gives to somebody else.
    func follow(_ store: any KeyValueStore, addresses kind: ServedKind) async throws(StorageError) {
        _ = try await store.watch(prefix: kind.keyPrefix, from: .existingPairs) { [weak self] event in
            guard let self else { return .end }
            let name = kind.name(ofKey: event.pair.key).name
            guard let address = IPAddress(parsing: name) else { return .more }
            let isGone = event.kind == .deleted
            let owner = isGone ? nil : try? kind.decode(event.pair).addressOwner
            self.state.withLock { state in
                state.documents[address] = isGone ? nil : owner ?? ObjectName(namespace: "", name: name)
            }
            return .more
        }
    }

    /// Offers what ServiceCIDRs offer that are ready, and not on their way out.
    func follow(_ store: any KeyValueStore, ranges kind: ServedKind) async throws(StorageError) {
        let configured = Set(serviceCIDRs)
        _ = try await store.watch(prefix: kind.keyPrefix, from: .existingPairs) { [weak self] event in
            guard let self else { return .end }
            let range = event.kind == .deleted ? nil : try? kind.decode(event.pair)
            let isOffered = range.map { $0.deletionTimestamp == nil && $0.isReadyRange } ?? false
            let prefixes = isOffered ? (range?.tree.texts(at: "spec", "cidrs") ?? []) : []
            let pools = prefixes.compactMap { try? IPPrefix($0) }.filter { !configured.contains($0) }
                .map { AddressPool($0, keepsFirst: false) }
            let name = kind.name(ofKey: event.pair.key).name
            self.state.withLock { $0.ranges[name] = pools.isEmpty ? nil : pools }
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

/// Claims that are kept for a write which is under way. They are given up with the last reference, after the store has
/// told the allocator what was written.
package final class ClaimHold: Sendable {
    private let claims: [ServiceClaim]
    private let allocator: ClusterAllocator

    fileprivate init(_ claims: [ServiceClaim], in allocator: ClusterAllocator) {
        self.claims = claims
        self.allocator = allocator
    }

    deinit { if !claims.isEmpty { allocator.release(claims) } }
}

extension Unstructured {
    /// Of a ServiceCIDR: whether addresses may be taken from it.
    var isReadyRange: Bool { StatusConditions(self)["Ready"]?.text(at: "status") == "True" }

    /// Of an IPAddress: the Service that has it.
    var addressOwner: ObjectName? {
        let parent = self[["spec", "parentRef"]] ?? .null
        guard parent.text(at: "resource") == "services", parent.text(at: "group").isEmpty else { return nil }
        return ObjectName(namespace: parent.text(at: "namespace"), name: parent.text(at: "name"))
    }
}
