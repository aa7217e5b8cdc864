import KubeAPI

extension Pod: APIObject {
    package mutating func setDefaults() {
        for index in spec.containers.indices { spec.containers[index].setDefaults() }
        for index in spec.initContainers.indices { spec.initContainers[index].setDefaults() }
        if status.podIPs.isEmpty, let address = status.podIP { status.podIPs = [PodStatus.PodIP(ip: address)] }
        if status.podIP == nil { status.podIP = status.podIPs.first?.ip }
    }

    package func failures(replacing old: Pod?) -> [FieldFailure] {
        var failures = nameFailures(NameRules.dns1123Subdomain)
        if let node = spec.nodeName { failures.check("spec.nodeName", node, NameRules.dns1123Subdomain(node)) }
        if let name = spec.hostname, !name.isEmpty {
            failures.check("spec.hostname", name, NameRules.dns1123Label(name))
        }
        if let name = spec.subdomain, !name.isEmpty {
            failures.check("spec.subdomain", name, NameRules.dns1123Label(name))
        }
        failures += spec.containers.enumerated().flatMap { $1.failures("spec.containers[\($0)]") }
        failures += spec.initContainers.enumerated().flatMap { $1.failures("spec.initContainers[\($0)]") }
        failures += AddressRules.failures(atMostOnePerFamily: status.podIPs.map(\.ip), path: "status.podIPs")
        if let address = status.podIP, let first = status.podIPs.first?.ip, address != first {
            failures.append(.invalid("status.podIP", address, "must be the first of status.podIPs"))
        }
        return failures
    }

    package func hasDesiredState(of other: Pod) -> Bool { spec == other.spec }
}

extension Container {
    fileprivate mutating func setDefaults() {
        for index in ports.indices where ports[index].protocol == nil { ports[index].protocol = "TCP" }
    }

    fileprivate func failures(_ path: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        failures.check("\(path).name", name, NameRules.dns1123Label(name))
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = "\(path).ports[\(index)]"
            if let name = port.name, !name.isEmpty {
                failures.check("\(path).name", name, NameRules.portName(name))
                if !names.insert(name).inserted { failures.append(.duplicate("\(path).name", name)) }
            }
            failures.checkPort("\(path).containerPort", port.containerPort)
            if let host = port.hostPort, host != 0 { failures.checkPort("\(path).hostPort", host) }
            failures.check("\(path).protocol", port.protocol ?? "TCP", isOneOf: ["SCTP", "TCP", "UDP"])
        }
        return failures
    }
}
