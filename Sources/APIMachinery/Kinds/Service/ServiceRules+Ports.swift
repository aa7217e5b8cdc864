import KubeAPI

/// The rules for `spec.ports` (`validateServicePort` and what `validateService` says of the ports together).
extension ServiceRules {
    static func portFailures(_ spec: JSONValue) -> [FieldFailure] {
        let ports = spec.list("ports")
        var failures: [FieldFailure] = []
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = "spec.ports[\(index)]"
            let name = port.text("name")
            if !name.isEmpty {
                failures.check("\(path).name", name, NameSyntax.dns1123Label)
                if !names.insert(name).inserted { failures.append(.duplicate("\(path).name", .string(name))) }
            } else if ports.count > 1 {
                failures.append(.required("\(path).name"))
            }
            failures.checkPort("\(path).port", port.number("port"))
            if port.text("protocol").isEmpty {
                failures.append(.required("\(path).protocol"))
            } else {
                failures.check("\(path).protocol", port.text("protocol"), isOneOf: protocols)
            }
            failures.checkPortOrName("\(path).targetPort", port.field("targetPort"))
            if let name = port.field("appProtocol")?.string {
                failures.check("\(path).appProtocol", name, NameSyntax.qualifiedName)
            }
        }
        return failures
    }

    /// Node ports belong to other types; neither they nor ports are there twice for a protocol.
    static func nodePortFailures(_ spec: JSONValue) -> [FieldFailure] {
        let ports = spec.list("ports")
        var failures: [FieldFailure] = []
        if spec.text("type") == "ClusterIP" {
            for (index, port) in ports.enumerated() where port.number("nodePort") != 0 {
                failures.append(
                    .forbidden("spec.ports[\(index)].nodePort", "may not be used when `type` is 'ClusterIP'"))
            }
        }
        var seen: Set<String> = []
        for (index, port) in ports.enumerated() where port.number("nodePort") != 0 {
            let number = port.number("nodePort")
            if !seen.insert("\(number)/\(port.text("protocol"))").inserted {
                failures.append(.duplicate("spec.ports[\(index)].nodePort", JSONValue(number)))
            }
        }
        seen = []
        for (index, port) in ports.enumerated() {
            let (number, name) = (port.number("port"), port.text("protocol"))
            guard !seen.insert("\(number)/\(name)").inserted else { continue }
            failures.append(
                .duplicate(
                    "spec.ports[\(index)]",
                    // As upstream prints what it compares: its internal type, without names for JSON.
                    written: """
                        {"Name":"","Protocol":"\(name)","AppProtocol":null,"Port":\(number),"TargetPort":0,"NodePort":0}
                        """))
        }
        return failures
    }
}

extension [FieldFailure] {
    /// `ValidatePortNumOrName`.
    mutating func checkPortOrName(_ path: String, _ port: JSONValue?) {
        if let name = port?.string {
            check(path, name, NameSyntax.portName)
        } else {
            checkPort(path, port?.integer ?? 0)
        }
    }
}
