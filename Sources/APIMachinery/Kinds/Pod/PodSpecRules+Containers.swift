import KubeAPI

/// The rules for containers (`validateContainers`, `validateInitContainers`, `validateContainerCommon`).
extension PodSpecRules {
    mutating func checkContainers() {
        let containers = spec.list("containers")
        if containers.isEmpty { failures.append(.required("\(path).containers")) }
        var names: Set<String> = []
        for (index, container) in containers.enumerated() {
            let path = "\(path).containers[\(index)]"
            checkContainer(container, path)
            let name = container.text("name")
            if !names.insert(name).inserted { failures.append(.duplicate("\(path).name", .string(name))) }
            checkHandlers(of: container, path)
            if let policy = container.field("restartPolicy")?.string {
                failures.check("\(path).restartPolicy", policy, isOneOf: ["Always", "Never", "OnFailure"])
            }
        }
        checkHostPortsAreUnique(containers, "\(path).containers")
    }

    mutating func checkInitContainers() {
        var names = Set(spec.list("containers").map { $0.text("name") })
        for (index, container) in spec.list("initContainers").enumerated() {
            let path = "\(path).initContainers[\(index)]"
            checkContainer(container, path)
            if let policy = container.field("restartPolicy")?.string {
                failures.check("\(path).restartPolicy", policy, isOneOf: ["Always", "Never", "OnFailure"])
            }
            let name = container.text("name")
            if !name.isEmpty, !names.insert(name).inserted {
                failures.append(.duplicate("\(path).name", .string(name)))
            }
            checkHostPortsAreUnique([container], "\(self.path).initContainers")
            if container.text("restartPolicy") == "Always" {
                checkHandlers(of: container, path)
                continue
            }
            for key in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] where container.has(key) {
                failures.append(
                    .forbidden(
                        "\(path).\(key)", "may not be set for init containers without restartPolicy=Always"))
            }
        }
    }

    mutating func checkContainer(_ container: JSONValue, _ path: String) {
        let name = container.text("name")
        if name.isEmpty {
            failures.append(.required("\(path).name"))
        } else {
            failures.check("\(path).name", name, NameSyntax.dns1123Label)
        }
        failures.require("\(path).image", container.text("image"))
        check(container, "terminationMessagePolicy", path, isOneOf: ["File", "FallbackToLogsOnError"])
        checkPorts(container.list("ports"), "\(path).ports")
        checkEnvironment(container, path)
        checkMounts(container, path)
        check(container, "imagePullPolicy", path, isOneOf: ["Always", "IfNotPresent", "Never"])
        checkResources(container.part("resources"), "\(path).resources")
        checkClaims(container.part("resources").list("claims"), "\(path).resources")
        checkSecurity(of: container.part("securityContext"), "\(path).securityContext")
    }

    mutating func check(_ part: JSONValue, _ key: String, _ path: String, isOneOf words: [String]) {
        let text = part.text(key)
        if text.isEmpty {
            failures.append(.required("\(path).\(key)"))
        } else {
            failures.check("\(path).\(key)", text, isOneOf: words)
        }
    }

    private mutating func checkPorts(_ ports: [JSONValue], _ path: String) {
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = "\(path)[\(index)]"
            let name = port.text("name")
            if !name.isEmpty {
                let causes = NameSyntax.portName(name)
                failures.check("\(path).name", .string(name), causes)
                if causes.isEmpty, !names.insert(name).inserted {
                    failures.append(.duplicate("\(path).name", .string(name)))
                }
            }
            if port.number("containerPort") == 0 {
                failures.append(.required("\(path).containerPort"))
            } else {
                failures.checkPort("\(path).containerPort", port.number("containerPort"))
            }
            if port.number("hostPort") != 0 { failures.checkPort("\(path).hostPort", port.number("hostPort")) }
            check(port, "protocol", path, isOneOf: ServiceRules.protocols)
        }
    }

    private mutating func checkHostPortsAreUnique(_ containers: [JSONValue], _ path: String) {
        var seen: Set<String> = []
        for (index, container) in containers.enumerated() {
            for (place, port) in container.list("ports").enumerated() where port.number("hostPort") != 0 {
                let key = "\(port.text("protocol"))/\(port.text("hostIP"))/\(port.number("hostPort"))"
                if !seen.insert(key).inserted {
                    failures.append(.duplicate("\(path)[\(index)].ports[\(place)].hostPort", .string(key)))
                }
            }
        }
    }
}
