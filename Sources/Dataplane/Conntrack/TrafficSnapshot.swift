import Net
import Netlink

/// What went between clients and endpoints; packets and bytes as conntrack counts them, the network header included.
package struct TrafficCount: Hashable, Sendable {
    /// Flows that have ended, and those that are open.
    package var connections: UInt64 = 0
    package var open: UInt64 = 0
    package var toEndpoints = FlowCount()
    package var fromEndpoints = FlowCount()

    package init() {}

    mutating func add(_ flow: ConntrackFlow, isOpen: Bool) {
        connections += 1
        if isOpen { open += 1 }
        toEndpoints.add(flow.originalCount)
        fromEndpoints.add(flow.replyCount)
    }
}

/// The traffic of one service port.
package struct ServicePortTraffic: Hashable, Sendable {
    package var total = TrafficCount()
    /// Empty unless endpoints are counted. One that has gone is here until its last flow has ended.
    package var endpoints: [FlowEnd: TrafficCount] = [:]

    package init() {}

    mutating func add(_ flow: ConntrackFlow, isOpen: Bool, countsEndpoints: Bool) {
        total.add(flow, isOpen: isOpen)
        if countsEndpoints { endpoints[flow.end, default: TrafficCount()].add(flow, isOpen: isOpen) }
    }
}

/// The traffic of all service ports that had any, since the daemon's start: of flows that have ended since then, and of
/// those that are open.
package struct TrafficSnapshot: Hashable, Sendable {
    package var servicePorts: [ServicePortName: ServicePortTraffic] = [:]
    /// How often the kernel dropped word of ended flows for want of room: 0 says that the counts are exact.
    package var overflows = 0
}

extension FlowCount {
    fileprivate mutating func add(_ other: FlowCount?) {
        guard let other else { return }
        packets &+= other.packets
        bytes &+= other.bytes
    }
}
