import Net
import Netlink

/// Answers what becomes of a connection from the state that is intended. Pure: what the kernel has is asked elsewhere.
package struct Explainer {
    package let question: ExplainQuestion
    package let origin: PacketTracer.Origin
    /// What the rules are for the service ports that have to do with the question.
    package private(set) var table: RecordedTable
    package let layout: NFTLayout
    let snapshot: SyncSnapshot
    let localAddresses: Set<IPAddress>
    /// The service ports that have the destination's address, or its port as NodePort.
    let related: [ServicePortName: ServicePort]

    /// - Parameter localAddresses: the addresses of this network namespace.
    package init(
        _ question: ExplainQuestion, _ snapshot: SyncSnapshot, _ configuration: DataplaneConfiguration,
        localAddresses: Set<IPAddress>
    ) {
        self.question = question
        self.snapshot = snapshot
        self.localAddresses = localAddresses
        origin = localAddresses.contains(question.source) || question.source.isLoopback ? .localProcess : .outside
        let family = question.family
        let programmed = snapshot.programmed[family] ?? [:]
        var related: [ServicePortName: ServicePort] = [:]
        for (name, port) in snapshot.desired.servicePorts where name.family == family && port.concerns(question) {
            var port = port
            // In the slots where the kernel has them.
            port.endpoints = SlotAssignment.assign(port.endpoints, keeping: programmed[name]?.endpoints ?? [])
            port.localEndpoints = SlotAssignment.assign(
                port.localEndpoints, keeping: programmed[name]?.localEndpoints ?? [])
            related[name] = port
        }
        self.related = related
        var layout = NFTLayout(family: family, configuration: configuration)
        _ = layout.setPodNetworks(snapshot.desired.node.podNetworks)
        self.layout = layout
        table = Self.plan(layout, related, snapshot.desired.node)
    }

    private static func plan(
        _ layout: NFTLayout, _ servicePorts: [ServicePortName: ServicePort], _ node: NodeState
    ) -> RecordedTable {
        var recorder = PlanRecorder()
        var planner = NFTPlanner(layout: layout, committed: nil)
        planner.planTable(for: servicePorts, into: &recorder)
        planner.plan(node, into: &recorder)
        for (name, port) in servicePorts { planner.plan(name, port, into: &recorder) }
        planner.finish(into: &recorder)
        recorder.commit()
        return recorder.tables[layout.family] ?? RecordedTable()
    }

    /// The sets that packets fill, with the clients of session affinity: what they hold is known to the kernel alone.
    package var dynamicSets: [String] { table.sets.filter { $0.value.isDynamic }.map(\.key).sorted() }

    /// The client as such a set has it.
    package var clientKey: [UInt8] { question.source.bytes }

    /// Says that the kernel has the client in such a set.
    package mutating func addClient(to set: String) {
        let key = clientKey
        table.sets[set]?.exact[key] = []
    }

    package func explain() -> Explanation {
        var packet = TracedPacket(
            source: question.source, destination: question.destination, port: question.port,
            protocol: question.protocol)
        packet.inputInterface = origin == .outside ? question.interface ?? "" : ""
        let trace = PacketTracer.explore(packet, origin, in: table, localAddresses: localAddresses)
        let owner = owner
        let verdict = Self.verdict(trace)
        return Explanation(
            question: question, origin: origin, verdict: verdict, servicePort: owner?.name, role: owner?.role,
            trace: trace, reasons: reasons(owner, trace, verdict), affinity: affinity(owner))
    }

    private static func verdict(_ trace: PacketTrace) -> Explanation.Verdict {
        guard let outcome = trace.outcomes.first else { return .unknown }
        return switch outcome.verdict {
        case .sent: outcome.isTranslated ? .sent : .leftAlone
        case .rejected: .refused
        case .dropped: .dropped
        case .unknown: .unknown
        }
    }

    /// Whose frontend it is.
    var owner: (name: ServicePortName, port: ServicePort, role: FrontendRole)? {
        for (name, port) in related where name.protocol == question.protocol {
            if let role = port.role(question, snapshot.desired.node) { return (name, port, role) }
        }
        return nil
    }

    private func affinity(_ owner: (name: ServicePortName, port: ServicePort, role: FrontendRole)?) -> Explanation
        .Affinity?
    {
        guard let owner, owner.port.affinitySeconds > 0 else { return nil }
        let objects = AffinityObjects(owner.name, layout)
        let held = (owner.port.endpoints + owner.port.localEndpoints).first { endpoint in
            table.sets[objects.set(of: endpoint)]?.exact[clientKey] != nil
        }
        return held.map { Explanation.Affinity(endpoint: $0, timeoutSeconds: owner.port.affinitySeconds) }
    }
}

extension ServicePort {
    /// It has the address that is asked for, or the port as NodePort.
    fileprivate func concerns(_ question: ExplainQuestion) -> Bool {
        clusterIP == question.destination || nodePort == question.port
            || externalAddresses.contains { $0.address == question.destination }
    }

    /// What of it the question is about, in the order in which the rules ask; nil for nothing.
    func role(_ question: ExplainQuestion, _ node: NodeState) -> FrontendRole? {
        if port == question.port {
            if clusterIP == question.destination { return .clusterIP }
            if externalAddresses.contains(where: { $0.address == question.destination }) { return .externalAddress }
        }
        let isNodePort = nodePort == question.port && node.nodePortAddresses.contains(question.destination)
        return isNodePort ? .nodePort : nil
    }
}
