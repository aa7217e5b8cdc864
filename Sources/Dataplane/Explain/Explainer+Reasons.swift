import Net

extension Explainer {
    /// Why it is as it is, where somebody may have expected something else.
    func reasons(
        _ owner: (name: ServicePortName, port: ServicePort, role: FrontendRole)?, _ trace: PacketTrace,
        _ verdict: Explanation.Verdict
    ) -> [String] {
        var reasons: [String] = []
        if !snapshot.isSynced {
            reasons.append(
                "The daemon has not heard of all objects yet: the kernel has what an earlier daemon left, if any.")
        } else if snapshot.hasUnwrittenChanges {
            let why = snapshot.record.currentFailure.map { ": \($0.failure.description)" } ?? ""
            reasons.append("Changes wait to be written to the kernel\(why).")
        }
        if let owner {
            reasons += ownerReasons(owner, trace)
        } else {
            reasons += strangerReasons
        }
        if case .unknown(let why) = trace.outcomes.first?.verdict { reasons.append("Not known: \(why).") }
        if needsInterface, question.interface == nil, origin == .outside, owner != nil {
            reasons.append("Whether it comes from a pod depends on the interface: give --interface. Taken as none.")
        }
        return reasons
    }

    private var needsInterface: Bool {
        switch layout.configuration.detector {
        case .bridge, .interfacePrefix: true
        case .none, .podNetworks: false
        }
    }

    private func ownerReasons(
        _ owner: (name: ServicePortName, port: ServicePort, role: FrontendRole), _ trace: PacketTrace
    ) -> [String] {
        let port = owner.port
        var reasons: [String] = []
        let isTranslated = trace.outcomes.first?.isTranslated == true
        if port.endpoints.isEmpty {
            reasons.append("\(owner.name.serviceText) has no endpoint that is ready, so connections are refused.")
        } else if owner.role == .externalAddress, let ranges = ranges(of: port),
            !ranges.contains(where: { $0.contains(question.source) })
        {
            let list = ranges.map(\.description).joined(separator: ", ")
            reasons.append("\(question.source) is in none of its loadBalancerSourceRanges: \(list).")
        } else if port.policy(owner.role) == .local, port.localEndpoints.isEmpty, !isTranslated {
            let name = owner.role == .clusterIP ? "internalTrafficPolicy" : "externalTrafficPolicy"
            reasons.append(
                "\(name) is Local, and none of its \(port.endpoints.count) endpoints is on this node.")
        } else if port.policy(owner.role) == .local, isTranslated {
            reasons.append(localReason(owner.role, trace))
        }
        let masqueraded = trace.outcomes.filter(\.isMasqueraded)
        if masqueraded.count < trace.outcomes.count, let outcome = masqueraded.first {
            reasons.append("\(outcome.destination) sees this node's address: it is the client, and reaches itself.")
        } else if let outcome = masqueraded.first {
            let mark = outcome.steps.first { step in step.actions.contains { $0.hasPrefix("mark ") } }
            // Without a mark it is the last rule that says why: an endpoint reaches itself.
            let comment = (mark ?? outcome.steps.last)?.comment ?? "masquerade"
            let prefix = "masquerade: "
            let why = comment.hasPrefix(prefix) ? String(comment.dropFirst(prefix.count)) : comment
            reasons.append("The endpoint sees this node's address: \(why).")
        }
        return reasons
    }

    private func localReason(_ role: FrontendRole, _ trace: PacketTrace) -> String {
        let isAll = trace.outcomes.first?.steps.contains { $0.chain.hasSuffix("short-circuit") } == true
        let name = role == .clusterIP ? "internalTrafficPolicy" : "externalTrafficPolicy"
        return isAll
            ? "\(name) is Local, but connections from pods and from this node may use all endpoints."
            : "\(name) is Local: only endpoints on this node are used."
    }

    private func ranges(of port: ServicePort) -> [IPPrefix]? {
        port.externalAddresses.first { $0.address == question.destination }?.allowedSources
    }

    /// The destination is nobody's frontend: what comes near it.
    private var strangerReasons: [String] {
        let node = snapshot.desired.node
        if let refused = snapshot.refused.first(where: { name, port in
            name.family == question.family && name.protocol == question.protocol && port.role(question, node) != nil
        }) {
            return ["\(refused.key) is set aside, because the kernel refused it."]
        }
        let ports = related.sorted { $0.key < $1.key }
        let sameClusterIP = ports.filter { $0.value.clusterIP == question.destination }
        if let first = sameClusterIP.first {
            let list = Self.list(sameClusterIP) { $0.port }
            let owner = "\(question.destination) is the ClusterIP of \(first.key.serviceText)"
            return ["\(owner), which has \(list), not \(question.portText)."]
        }
        let sameAddress = ports.filter { $0.value.externalAddresses.contains { $0.address == question.destination } }
        if let first = sameAddress.first {
            let list = Self.list(sameAddress) { $0.port }
            return ["\(question.destination) is an address of \(first.key.serviceText) for \(list) only."]
        }
        if node.nodePortAddresses.contains(question.destination) {
            let others = ports.filter { $0.value.nodePort == question.port }
            if let first = others.first {
                let list = Self.list(others) { $0.nodePort ?? 0 }
                let owner = "\(question.port) is a NodePort of \(first.key.serviceText)"
                return ["\(owner) for \(list), not \(question.protocol)."]
            }
            return ["No Service has the NodePort \(question.portText): it is left to this host."]
        }
        if localAddresses.contains(question.destination) || question.destination.isLoopback,
            let first = ports.first(where: { $0.value.nodePort == question.port })
        {
            let addresses = node.nodePortAddresses.filter { $0.family == question.family }.sorted()
            let list = addresses.isEmpty ? "no address" : addresses.map(\.description).joined(separator: ", ")
            let owner = "\(question.port) is a NodePort of \(first.key.serviceText)"
            return ["\(owner), and NodePorts are answered at \(list) only."]
        }
        if node.serviceCIDRs.contains(where: { $0.contains(question.destination) }) {
            return ["No Service has the ClusterIP \(question.destination)."]
        }
        return ["\(question.target) is no Service's address here."]
    }

    private static func list(
        _ ports: [(key: ServicePortName, value: ServicePort)], _ number: (ServicePort) -> UInt16
    ) -> String {
        Set(ports.map { "\(number($0.value))/\($0.key.protocol)" }).sorted().joined(separator: ", ")
    }
}

extension ServicePortName {
    /// `default/web`.
    package var serviceText: String { "\(namespace)/\(service)" }
}

extension ServicePort {
    /// The traffic policy of one of its frontends.
    package func policy(_ role: FrontendRole) -> TrafficPolicy { role == .clusterIP ? internalPolicy : externalPolicy }
}
