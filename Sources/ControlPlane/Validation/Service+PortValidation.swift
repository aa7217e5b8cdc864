import KubeAPI

extension KubeAPI.Service {
    /// The rules for `spec.ports`.
    func portListFailures() -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if spec.ports.isEmpty, !isHeadless, spec.type != "ExternalName" { failures.append(.required("spec.ports")) }
        for (index, port) in spec.ports.enumerated() {
            failures += self.failures(of: port, "spec.ports[\(index)]")
            failures += duplicates(of: port, before: index)
        }
        return failures
    }

    private func failures(of port: ServicePortSpec, _ path: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if port.name.isEmpty {
            if spec.ports.count > 1 { failures.append(.required("\(path).name")) }
        } else {
            failures.check("\(path).name", port.name, NameRules.dns1123Label(port.name))
        }
        failures.checkPort("\(path).port", port.port)
        failures.check("\(path).protocol", port.protocol, isOneOf: ["SCTP", "TCP", "UDP"])
        switch port.targetPort {
        case .int(let number): failures.checkPort("\(path).targetPort", number)
        case .string(let name): failures.check("\(path).targetPort", name, NameRules.portName(name))
        case nil: break
        }
        if port.nodePort != 0 {
            failures.checkPort("\(path).nodePort", port.nodePort)
            if !usesNodePorts {
                failures.append(.forbidden("\(path).nodePort", "may not be used when `type` is '\(spec.type)'"))
            }
        }
        return failures
    }

    private func duplicates(of port: ServicePortSpec, before index: Int) -> [FieldFailure] {
        let path = "spec.ports[\(index)]"
        let earlier = spec.ports[..<index]
        var failures: [FieldFailure] = []
        if !port.name.isEmpty, earlier.contains(where: { $0.name == port.name }) {
            failures.append(.duplicate("\(path).name", port.name))
        }
        if earlier.contains(where: { $0.port == port.port && $0.protocol == port.protocol }) {
            failures.append(.duplicate(path, "\(port.port)/\(port.protocol)"))
        }
        if port.nodePort != 0,
            earlier.contains(where: { $0.nodePort == port.nodePort && $0.protocol == port.protocol })
        {
            failures.append(.duplicate("\(path).nodePort", "\(port.nodePort)/\(port.protocol)"))
        }
        return failures
    }
}
