import Net
import Netlink

/// A frontend as one family's table has it.
struct NFTFrontend {
    let kind: FrontendKind
    /// To which a slot number may be appended.
    let key: NFTData
    /// It is reached from outside of the cluster, and so obeys `externalPolicy`.
    let isExternal: Bool
    /// Of an external address: who may connect; nil for everyone.
    var allowedSources: [IPPrefix]?

    private init(_ address: IPAddress, _ port: ServicePort, _ proto: L4Protocol, isExternal: Bool) {
        var key = NFTData()
        key.append(address)
        key.append(proto)
        key.append(port: port.port)
        (kind, self.key, self.isExternal) = (.address, key, isExternal)
    }

    static func clusterIP(of port: ServicePort, _ proto: L4Protocol) -> NFTFrontend? {
        port.clusterIP.map { NFTFrontend($0, port, proto, isExternal: false) }
    }

    static func external(_ address: ExternalAddress, of port: ServicePort, _ proto: L4Protocol) -> NFTFrontend {
        var frontend = NFTFrontend(address.address, port, proto, isExternal: true)
        frontend.allowedSources = address.allowedSources
        return frontend
    }

    init?(nodePortOf port: ServicePort, _ proto: L4Protocol) {
        guard let nodePort = port.nodePort else { return nil }
        var key = NFTData()
        key.append(proto)
        key.append(port: nodePort)
        (kind, self.key, isExternal) = (.nodePort, key, true)
    }

    /// The endpoints that a pick chooses from; none where this frontend does not use the pick.
    func slots(_ port: ServicePort, isLocal: Bool) -> [Endpoint] {
        if isLocal { return isExternal && port.externalPolicy == .local ? port.localEndpoints : [] }
        return !isExternal && port.internalPolicy == .local ? port.localEndpoints : port.endpoints
    }

    /// Some connections are dropped: their policy allows endpoints of this node only, and all are elsewhere.
    func drops(_ port: ServicePort) -> Bool {
        let policy = isExternal ? port.externalPolicy : port.internalPolicy
        return policy == .local && port.localEndpoints.isEmpty && !port.endpoints.isEmpty
    }
}

extension ServicePort {
    /// Every frontend's key, to find out whose element it is.
    func hasFrontend(_ refused: NFTData, _ proto: L4Protocol) -> Bool {
        let own = [NFTFrontend.clusterIP(of: self, proto), NFTFrontend(nodePortOf: self, proto)].compactMap { $0 }
        let frontends = own + externalAddresses.map { .external($0, of: self, proto) }
        return frontends.contains { refused.starts(with: $0.key) }
    }
}

/// What the kernel has acknowledged for one family.
package struct NFTCommitted: Sendable {
    /// With slot k of a frontend holding endpoint k.
    package var servicePorts: [ServicePortName: ServicePort] = [:]
    /// How many service ports use each ClusterIP.
    package var clusterIPs = UseCounts()
    /// How many slots hold each local endpoint address.
    package var hairpin = UseCounts()
    /// What the sets of this family have of it.
    package var node = NodeState()
    package var classes = ClassCounts()
    /// Chains and sets of endpoints that are gone, still to be deleted: nothing leads to them.
    package var garbage = NFTGarbage()

    package init() {}
}

/// Chains and sets to which nothing leads any more.
package struct NFTGarbage: Hashable, Sendable {
    package var chains: Set<String> = []
    package var sets: Set<String> = []

    package init() {}

    package var isEmpty: Bool { chains.isEmpty && sets.isEmpty }

    mutating func formUnion(_ other: NFTGarbage) {
        chains.formUnion(other.chains)
        sets.formUnion(other.sets)
    }

    mutating func subtract(_ other: NFTGarbage) {
        chains.subtract(other.chains)
        sets.subtract(other.sets)
    }
}

/// What `NFTCommitted` becomes when the kernel acknowledges a plan.
package struct NFTAdvance: Sendable {
    /// The plan starts from an empty table.
    let isReplacement: Bool
    var servicePorts: [(ServicePortName, ServicePort?)] = []
    var clusterIPs = UseCounts()
    var hairpin = UseCounts()
    var node: NodeState?
    var classes: ClassCounts
    var garbage = NFTGarbage()
    /// Objects of affinity that are in use: they may have been garbage before.
    var used = NFTGarbage()

    init(isReplacement: Bool, classes: ClassCounts) {
        self.isReplacement = isReplacement
        self.classes = classes
    }
}

extension NFTCommitted {
    package mutating func apply(_ advance: consuming NFTAdvance) {
        if advance.isReplacement {
            self = NFTCommitted()
            servicePorts.reserveCapacity(advance.servicePorts.count)
        }
        for (name, port) in advance.servicePorts { servicePorts[name] = port }
        clusterIPs.add(advance.clusterIPs)
        hairpin.add(advance.hairpin)
        if let node = advance.node { self.node = node }
        classes = advance.classes
        if !advance.garbage.isEmpty { garbage.formUnion(advance.garbage) }
        if !garbage.isEmpty { garbage.subtract(advance.used) }
    }
}

/// How often each address is used: it is in the kernel's set while the count is not 0.
package struct UseCounts: Sendable {
    private var counts: [IPAddress: Int32] = [:]

    package init() {}

    package subscript(address: IPAddress) -> Int32 { counts[address] ?? 0 }

    mutating func add(_ change: Int32, to address: IPAddress) {
        let count = self[address] + change
        counts[address] = count == 0 ? nil : count
    }

    mutating func add(_ changes: UseCounts) {
        for (address, change) in changes.counts { add(change, to: address) }
    }

    /// The addresses that `changes` would bring from 0 to more, and from more to 0.
    func crossings(with changes: UseCounts) -> (appearing: [IPAddress], disappearing: [IPAddress]) {
        var appearing: [IPAddress] = []
        var disappearing: [IPAddress] = []
        for (address, change) in changes.counts where change != 0 {
            let before = self[address]
            if before == 0 { appearing.append(address) }
            if before + change == 0 { disappearing.append(address) }
        }
        return (appearing, disappearing)
    }
}
