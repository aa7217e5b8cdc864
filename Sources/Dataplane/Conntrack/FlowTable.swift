import Net
import Netlink

/// What flows should be: the frontends of the service ports that the kernel has acknowledged, and who may answer there.
///
/// Pure: it is told of commits and judges flows that it is shown.
struct FlowTable: Sendable {
    private let policy: FlowPolicy
    private var targets: [ServicePortName: FlowTarget] = [:]
    private var owners: [Frontend: ServicePortName] = [:]
    private var nodePortAddresses: Set<IPAddress> = []

    init(_ policy: FlowPolicy) { self.policy = policy }

    /// Takes a commit, and returns which flows may be wrong by now.
    ///
    /// - Parameter removed: called for each service port that has gone.
    mutating func apply(_ commit: CommittedFlows, removed: (ServicePortName) -> Void = { _ in }) -> FlowCheck {
        var check = FlowCheck(everything: commit.isFull)
        var changes = commit.servicePorts
        if commit.isFull {
            for name in targets.keys where changes[name] == nil { changes.updateValue(nil, forKey: name) }
        }
        var new: [ServicePortName: FlowTarget] = [:]
        for (name, servicePort) in changes {
            let old = targets.removeValue(forKey: name)
            let target = servicePort.map { FlowTarget(name, $0) }
            new[name] = target
            if policy.clears(name.protocol) { check.formUnion(FlowCheck(old: old, new: target)) }
            for frontend in old?.frontends ?? [] where owners[frontend] == name { owners[frontend] = nil }
            if target == nil { removed(name) }
        }
        // After all that went: a frontend may have passed from one to another.
        for (name, var target) in new {
            for frontend in target.frontends { owners[frontend] = name }
            if !policy.needsEndpoints(name.protocol) { target.endpoints = [] }
            targets[name] = target
        }
        if let node = commit.node { check.formUnion(take(node.nodePortAddresses)) }
        return check
    }

    /// All NodePorts may be wrong when the addresses change on which they are answered.
    private mutating func take(_ addresses: Set<IPAddress>) -> FlowCheck {
        var check = FlowCheck()
        guard addresses != nodePortAddresses else { return check }
        check.formerAddresses = nodePortAddresses.subtracting(addresses)
        check.frontends = Set(owners.keys.filter { $0.address == nil && policy.clears($0.protocol) })
        nodePortAddresses = addresses
        return check
    }

    /// Frontends whose flows are cleared when they are wrong.
    var clearedFrontends: some Sequence<Frontend> { owners.keys.lazy.filter { policy.clears($0.protocol) } }

    /// The service port that a flow was sent to.
    func owner(of flow: ConntrackFlow) -> ServicePortName? {
        let (own, nodePort) = frontends(of: flow)
        if let name = owners[own] { return name }
        return isNodePortAddress(flow.original.destination) ? owners[nodePort] : nil
    }

    /// Whether the endpoint is one of the service port's. Known only where `FlowPolicy.needsEndpoints`.
    func hasEndpoint(_ end: FlowEnd, of name: ServicePortName) -> Bool {
        targets[name]?.endpoints.contains(end) ?? false
    }

    /// Whether the flow does not go where it should.
    ///
    /// A flow to a frontend that is there must be answered by one of its endpoints; one to a frontend that has gone must
    /// not be redirected. All others are not ours to judge.
    func isStale(_ flow: ConntrackFlow, _ check: FlowCheck) -> Bool {
        guard policy.clears(flow.original.protocol) else { return false }
        // TCP and SCTP flows that were never redirected end by themselves: their other end has no such connection.
        guard flow.isRedirected || flow.original.protocol == .udp else { return false }
        if let name = owner(of: flow) { return !hasEndpoint(flow.end, of: name) }
        guard flow.isRedirected else { return false }
        let (own, nodePort) = frontends(of: flow)
        if check.frontends.contains(own) { return true }
        let destination = flow.original.destination
        return check.frontends.contains(nodePort)
            && (isNodePortAddress(destination) || check.formerAddresses.contains(destination))
    }

    private func frontends(of flow: ConntrackFlow) -> (own: Frontend, nodePort: Frontend) {
        let tuple = flow.original
        let family = tuple.destination.family
        return (
            Frontend(
                address: tuple.destination, port: tuple.destinationPort, protocol: tuple.protocol, family: family),
            Frontend(address: nil, port: tuple.destinationPort, protocol: tuple.protocol, family: family)
        )
    }

    private func isNodePortAddress(_ address: IPAddress) -> Bool {
        nodePortAddresses.contains(address) || policy.localhostNodePorts && address.isLoopback
    }
}
