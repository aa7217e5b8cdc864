import KubeAPI

/// The conditions of an endpoint, where it is, and whom its hints name, in two bytes.
///
/// Of two entries for the same address and port the lesser one counts. A pod that terminates comes last: the network
/// may have given its address to a new pod already (as in k8s.io/kubernetes pkg/proxy/endpointslicecache.go).
struct EndpointState: Hashable, Sendable, Comparable {
    private enum Bit {
        static let terminating: UInt16 = 1 << 8
        static let notReady: UInt16 = 1 << 7
        static let notServing: UInt16 = 1 << 6
        /// Not known to be on this node.
        static let notHere: UInt16 = 1 << 5
        static let elsewhere: UInt16 = 1 << 4
        static let nodeHints: UInt16 = 1 << 3
        static let forThisNode: UInt16 = 1 << 2
        static let zoneHints: UInt16 = 1 << 1
        static let forThisZone: UInt16 = 1 << 0
    }

    private var bits: UInt16

    /// - Parameter isHere: whether the endpoint is on this node; nil where it does not say.
    init(_ conditions: EndpointConditions, isHere: Bool?) {
        bits = 0
        if conditions.terminating ?? false { bits |= Bit.terminating }
        if !(conditions.ready ?? true) { bits |= Bit.notReady }
        if !(conditions.serving ?? true) { bits |= Bit.notServing }
        if isHere != true { bits |= Bit.notHere }
        if isHere == false { bits |= Bit.elsewhere }
    }

    /// There are node hints; they name this node.
    mutating func setNodeHints(areForThisNode: Bool) {
        bits |= areForThisNode ? Bit.nodeHints | Bit.forThisNode : Bit.nodeHints
    }

    /// There are zone hints; they name this node's zone.
    mutating func setZoneHints(areForThisZone: Bool) {
        bits |= areForThisZone ? Bit.zoneHints | Bit.forThisZone : Bit.zoneHints
    }

    private func has(_ bit: UInt16) -> Bool { bits & bit != 0 }

    var isReady: Bool { !has(Bit.notReady) }
    var isServing: Bool { !has(Bit.notServing) }
    /// Used where no endpoint is ready.
    var isServingTerminating: Bool { bits & (Bit.terminating | Bit.notServing) == Bit.terminating }
    /// The endpoint is on this node.
    var isHere: Bool { !has(Bit.notHere) }
    /// The endpoint is on this node for all that is known.
    var mayBeHere: Bool { !has(Bit.elsewhere) }
    var hasNodeHints: Bool { has(Bit.nodeHints) }
    var isForThisNode: Bool { has(Bit.forThisNode) }
    var hasZoneHints: Bool { has(Bit.zoneHints) }
    var isForThisZone: Bool { has(Bit.forThisZone) }

    static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}
