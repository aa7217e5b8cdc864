extension ServicesDocument {
    /// For people: a table as kubectl's, each service port followed by its endpoints where those were asked for.
    var text: String {
        if services.isEmpty { return "no such Service is programmed here" }
        var table = TextTable(
            [
                "NAMESPACE", "NAME", "PORT", "PROTO", "CLUSTER-IP", "NODEPORT", "EXTERNAL", "POLICY", "ENDPOINTS",
                "STATE", "CONNECTIONS", "PACKETS", "BYTES",
            ], rightAligned: [8, 10, 11, 12])
        for service in services {
            table.append(
                [
                    service.namespace, service.name,
                    service.portName.isEmpty ? "\(service.port)" : "\(service.port) (\(service.portName))",
                    service.protocol, service.clusterIP ?? "-", service.nodePort.map { "\($0)" } ?? "-",
                    service.externalAddresses.isEmpty ? "-" : service.externalAddresses.joined(separator: ","),
                    service.policyText, "\(service.localEndpointCount)/\(service.endpointCount)", service.stateText,
                ] + Self.cells(service.traffic))
            for endpoint in service.endpoints ?? [] {
                let place = endpoint.address.contains(":") ? "[\(endpoint.address)]" : endpoint.address
                table.append(
                    [
                        "", "  → \(place):\(endpoint.port)", "", "", "", "", "", "", endpoint.local ? "local" : "",
                        endpoint.useText,
                    ] + Self.cells(endpoint.traffic))
            }
        }
        return table.lines.joined(separator: "\n")
    }

    private static func cells(_ traffic: Traffic?) -> [String] {
        guard let traffic else { return ["-", "-", "-"] }
        return ["\(traffic.connections)", "\(traffic.packets)", "\(traffic.bytes)"]
    }
}

extension ServicesDocument.State {
    fileprivate var text: String {
        switch self {
        case .serving: "serving"
        case .refuses: "refuses: no endpoints"
        case .drops: "drops: no local endpoints"
        case .setAside: "set aside"
        }
    }
}

extension ServicesDocument.ServicePortEntry {
    fileprivate var stateText: String {
        guard let externalState, externalState != state else { return state.text }
        return "\(state.text); external \(externalState.text)"
    }

    /// The policies that are not the usual, and affinity.
    fileprivate var policyText: String {
        var parts: [String] = []
        if internalTrafficPolicy != "Cluster" { parts.append("internal \(internalTrafficPolicy)") }
        if externalTrafficPolicy != "Cluster" { parts.append("external \(externalTrafficPolicy)") }
        if sessionAffinitySeconds > 0 { parts.append("ClientIP \(sessionAffinitySeconds)s") }
        return parts.isEmpty ? "Cluster" : parts.joined(separator: ", ")
    }
}

extension ServicesDocument.EndpointEntry {
    fileprivate var useText: String {
        if draining { return "keeps its connections" }
        if cluster && localPolicy { return "cluster and local policy" }
        return localPolicy ? "local policy" : "serving"
    }
}
