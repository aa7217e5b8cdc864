import Net
import Netlink

/// A service port as one family's table has it.
package struct NFTProgrammed: Hashable, Sendable {
    package var clusterIP: IPAddress?
    package var port: UInt16
    package var nodePort: UInt16?
    /// Slot k holds endpoint k.
    package var slots: [Endpoint]

    package var sizeClass: SizeClass? { SizeClass(endpoints: slots.count) }

    /// The key of this frontend, to which a slot number may be appended.
    func key(_ kind: FrontendKind, _ proto: L4Protocol) -> NFTData? {
        var key = NFTData()
        switch kind {
        case .clusterIP:
            guard let clusterIP else { return nil }
            key.append(clusterIP)
            key.append(proto)
            key.append(port: port)
        case .nodePort:
            guard let nodePort else { return nil }
            key.append(proto)
            key.append(port: nodePort)
        }
        return key
    }
}

/// What the kernel has acknowledged for one family.
package struct NFTCommitted: Sendable {
    package var servicePorts: [ServicePortName: NFTProgrammed] = [:]
    /// How many service ports use each ClusterIP.
    package var clusterIPs = UseCounts()
    /// How many slots hold each local endpoint address.
    package var hairpin = UseCounts()
    package var nodeIPs: Set<IPAddress> = []
    /// Size classes 0..<classes exist.
    package var classes = 0

    package init() {}
}

/// What `NFTCommitted` becomes when the kernel acknowledges a plan.
package struct NFTAdvance: Sendable {
    /// The plan starts from an empty table.
    let isReplacement: Bool
    var servicePorts: [(ServicePortName, NFTProgrammed?)] = []
    var clusterIPs = UseCounts()
    var hairpin = UseCounts()
    var nodeIPs: Set<IPAddress>?
    var classes: Int

    init(isReplacement: Bool, classes: Int) {
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
        if let nodeIPs = advance.nodeIPs { self.nodeIPs = nodeIPs }
        classes = advance.classes
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
