import Net

/// What is counted of the traffic to service ports.
package enum TrafficCounting: String, Hashable, Sendable, CaseIterable {
    case off
    case servicePorts = "service-ports"
    /// Of each endpoint, too.
    case endpoints
}

/// Which flows are of interest.
struct FlowPolicy: Hashable, Sendable {
    var staleTCP: StaleTCP
    var counting: TrafficCounting
    var localhostNodePorts: Bool

    init(_ configuration: DataplaneConfiguration, counting: TrafficCounting) {
        staleTCP = configuration.staleTCP
        localhostNodePorts = configuration.localhostNodePorts
        self.counting = counting
    }

    /// Flows of that protocol are cleared when they are wrong. SCTP is treated as TCP is.
    func clears(_ protocol: L4Protocol) -> Bool { `protocol` == .udp || staleTCP == .reset }

    /// Service ports of that protocol have to be known.
    func concerns(_ protocol: L4Protocol) -> Bool { clears(`protocol`) || counting != .off }

    /// Their endpoints, too.
    func needsEndpoints(_ protocol: L4Protocol) -> Bool { clears(`protocol`) || counting == .endpoints }
}

/// What a commit, or several, changed of the state that flows follow.
struct CommittedFlows: Sendable {
    /// All service ports are given: others have gone.
    var isFull = false
    /// Nil for those that have gone.
    var servicePorts: [ServicePortName: ServicePort?] = [:]
    /// Where it has changed.
    var node: NodeState?

    var isEmpty: Bool { !isFull && servicePorts.isEmpty && node == nil }

    /// Takes a later commit.
    mutating func merge(_ later: CommittedFlows) {
        guard !later.isFull else { return self = later }
        servicePorts.merge(later.servicePorts) { $1 }
        node = later.node ?? node
    }

    /// What of a commit concerns flows.
    init(
        _ dirty: Dirty, _ desired: borrowing DesiredState, refused: [ServicePortName: ServicePort], _ policy: FlowPolicy
    ) {
        isFull = dirty.everything
        if isFull {
            for (name, port) in desired.servicePorts where policy.concerns(name.protocol) {
                servicePorts.updateValue(port, forKey: name)
            }
            // What the kernel refused cannot take new flows; those that there are go on.
            for (name, port) in refused where policy.concerns(name.protocol) {
                servicePorts.updateValue(port, forKey: name)
            }
        } else {
            for name in dirty.servicePorts where policy.concerns(name.protocol) {
                servicePorts.updateValue(desired.servicePorts[name], forKey: name)
            }
        }
        if isFull || dirty.node { node = desired.node }
    }

    init() {}
}
