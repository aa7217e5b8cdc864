import Netlink

/// Adds up flows by service port.
struct TrafficLedger: Sendable {
    private let countsEndpoints: Bool
    /// Of flows that have ended.
    private var ended: [ServicePortName: ServicePortTraffic] = [:]
    private var overflows = 0
    /// The flows that ended while a snapshot was made; nil at other times.
    private var endedMeanwhile: Set<FlowKey>?

    /// One flow among all, now and later.
    private struct FlowKey: Hashable {
        let id: UInt32
        let tuple: FlowTuple

        init(_ flow: ConntrackFlow) {
            id = flow.id
            tuple = flow.original
        }
    }

    init(_ counting: TrafficCounting) { countsEndpoints = counting == .endpoints }

    mutating func addEnded(_ flow: ConntrackFlow, of name: ServicePortName?) {
        endedMeanwhile?.insert(FlowKey(flow))
        guard let name else { return }
        ended[name, default: ServicePortTraffic()].add(flow, isOpen: false, countsEndpoints: countsEndpoints)
    }

    mutating func addOverflows(_ count: Int) { overflows += count }

    mutating func forget(_ name: ServicePortName) { ended[name] = nil }

    /// From now on it is remembered which flows end.
    mutating func beginSnapshot() { endedMeanwhile = [] }

    /// The traffic so far. Endpoints that have gone and have no open flow are in it for the last time.
    ///
    /// - Parameter open: flows that were seen since `beginSnapshot()`. Those of them that have ended are counted once.
    mutating func snapshot(open: [ConntrackFlow], _ table: borrowing FlowTable) -> TrafficSnapshot {
        var snapshot = TrafficSnapshot(servicePorts: ended, overflows: overflows)
        for flow in open where endedMeanwhile?.contains(FlowKey(flow)) != true {
            guard let name = table.owner(of: flow) else { continue }
            snapshot.servicePorts[name, default: ServicePortTraffic()]
                .add(flow, isOpen: true, countsEndpoints: countsEndpoints)
        }
        endedMeanwhile = nil
        for (name, traffic) in snapshot.servicePorts {
            for (end, count) in traffic.endpoints where count.open == 0 && !table.hasEndpoint(end, of: name) {
                ended[name]?.endpoints[end] = nil
            }
        }
        return snapshot
    }
}
