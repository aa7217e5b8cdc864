import Net

extension HostPortConfiguration {
    /// The members of the reference plugin `portmap`, and `runtimeConfig.portMappings`.
    init(_ call: PluginCall) throws(CNIError) {
        self.init()
        let section = call.configuration
        try PodConfiguration.checkBackend(section, "backend")
        for key in ["conditionsV4", "conditionsV6"] {
            let conditions = try section.texts(key)
            guard conditions.isEmpty else {
                throw section.unsupported(
                    key, .array(conditions.map { .string($0) }),
                    "host ports are elements of a map, without rules of their own")
            }
        }
        if let chain = try section.text("externalSetMarkChain") {
            throw section.unsupported("externalSetMarkChain", .string(chain), "it is a chain of iptables")
        }
        masqueradesLocal = try section.flag("snat") ?? masqueradesLocal
        masqueradesAll = try section.flag("masqAll") ?? masqueradesAll
        markBit = try section.number("markMasqBit", in: 0...31) ?? markBit
        for port in try call.runtimeConfiguration?.list("portMappings", HostPort.mapping) ?? [] {
            if let port, !ports.contains(port) { ports.append(port) }
        }
    }
}

extension HostPort {
    /// An element of `portMappings`; nil for a port of the container that no port of the host leads to.
    fileprivate static func mapping(_ node: JSONNode, _ name: String) throws(CNIError) -> HostPort? {
        let section = try ConfigurationSection.section(node, name)
        guard let hostPort = try section.number("hostPort", in: 0...UInt16.max), hostPort > 0 else { return nil }
        guard let containerPort = try section.number("containerPort", in: 1...UInt16.max) else {
            throw CNIError(.badConfiguration, "\(section.name("containerPort")): not given")
        }
        let text = try section.text("protocol") ?? "tcp"
        guard let transport = L4Protocol(name: text.uppercased()) else {
            throw CNIError(.badConfiguration, "\(section.name("protocol")): '\(text)' is none of tcp, udp and sctp")
        }
        return HostPort(
            transport, hostAddress: try section.address("hostIP"), hostPort: hostPort, containerPort: containerPort)
    }
}
