import KubeAPI

/// The rules for a container's variables and mounts (`ValidateEnv`, `ValidateEnvFrom`, `ValidateVolumeMounts`).
extension PodSpecRules {
    private static let variableFields = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ]
    private static let fileFields = [
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
    ]
    private static let amounts = [
        "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage",
        "requests.memory",
    ]

    mutating func checkEnvironment(_ container: JSONValue, _ path: String) {
        for (index, variable) in container.list("env").enumerated() {
            let path = "\(path).env[\(index)]"
            if variable.text("name").isEmpty {
                failures.append(.required("\(path).name"))
            } else {
                failures.check("\(path).name", variable.text("name"), NameSyntax.variable)
            }
            if let source = variable.field("valueFrom") {
                checkSource(source, value: variable.text("value"), "\(path).valueFrom")
            }
        }
        for (index, source) in container.list("envFrom").enumerated() {
            let place = "\(path).envFrom[\(index)]"
            if !source.text("prefix").isEmpty {
                failures.check("\(place).prefix", source.text("prefix"), NameSyntax.variable)
            }
            let kinds = ["configMapRef", "secretRef"].filter(source.has)
            for kind in kinds {
                let name = source.part(kind).text("name")
                if name.isEmpty {
                    failures.append(.required("\(place).\(kind).name"))
                } else {
                    failures.check("\(place).\(kind).name", name, NameSyntax.beginning(NameSyntax.dns1123Subdomain))
                }
            }
            if kinds.count != 1 {
                let detail =
                    kinds.isEmpty
                    ? "must specify one of: `configMapRef` or `secretRef`"
                    : "may not have more than one field specified at a time"
                failures.append(.invalid("\(path).envFrom", "", detail))
            }
        }
    }

    private mutating func checkSource(_ source: JSONValue, value: String, _ path: String) {
        if let reference = source.field("fieldRef") {
            checkFieldReference(reference, isFile: false, "\(path).fieldRef")
        }
        if let reference = source.field("resourceFieldRef") {
            checkAmountReference(reference, isFile: false, "\(path).resourceFieldRef")
        }
        for kind in ["configMapKeyRef", "secretKeyRef"] {
            guard let reference = source.field(kind) else { continue }
            failures.check("\(path).\(kind).name", reference.text("name"), NameSyntax.dns1123Subdomain)
            if reference.text("key").isEmpty {
                failures.append(.required("\(path).\(kind).key"))
            } else {
                failures.check("\(path).\(kind).key", reference.text("key"), NameSyntax.configKey)
            }
        }
        let kinds = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"]
        let count = kinds.filter(source.has).count
        let detail: String
        if count == 0 {
            detail =
                "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
        } else if !value.isEmpty {
            detail = "may not be specified when `value` is not empty"
        } else if count > 1 {
            detail = "may not have more than one field specified at a time"
        } else {
            return
        }
        failures.append(.invalid(path, "", detail))
    }

    mutating func checkFieldReference(_ reference: JSONValue, isFile: Bool, _ path: String) {
        let field = reference.text("fieldPath")
        if reference.text("apiVersion").isEmpty {
            failures.append(.required("\(path).apiVersion"))
        } else if field.isEmpty {
            failures.append(.required("\(path).fieldPath"))
        } else if let (name, key) = Self.subscripted(field) {
            switch name {
            case "metadata.annotations":
                failures.check(path, key.lowercased(), NameSyntax.qualifiedName)
            case "metadata.labels": failures.check(path, key, NameSyntax.qualifiedName)
            default: failures.append(.invalid(path, .string(name), "does not support subscript"))
            }
        } else {
            failures.check("\(path).fieldPath", field, isOneOf: isFile ? Self.fileFields : Self.variableFields)
        }
    }

    /// The parts of `metadata.labels['app']`; nil for a path without a key.
    private static func subscripted(_ field: String) -> (name: String, key: String)? {
        guard field.hasSuffix("']"), let start = field.firstIndex(of: "[") else { return nil }
        let key = field[start...]
        guard key.hasPrefix("['"), key.utf8.count >= 4 else { return nil }
        return (String(field[..<start]), String(key.dropFirst(2).dropLast(2)))
    }

    mutating func checkAmountReference(_ reference: JSONValue, isFile: Bool, _ path: String) {
        let name = reference.text("resource")
        if isFile, reference.text("containerName").isEmpty {
            failures.append(.required("\(path).containerName"))
        } else if name.isEmpty {
            failures.append(.required("\(path).resource"))
        } else if !name.hasPrefix("limits.hugepages-"), !name.hasPrefix("requests.hugepages-") {
            failures.check("\(path).resource", name, isOneOf: Self.amounts)
        }
    }

    mutating func checkMounts(_ container: JSONValue, _ path: String) {
        let volumes = Set(spec.list("volumes").map { $0.text("name") })
        let list = "\(path).volumeMounts"
        var places: Set<String> = []
        for (index, mount) in container.list("volumeMounts").enumerated() {
            let path = "\(list)[\(index)]"
            let (name, place) = (mount.text("name"), mount.text("mountPath"))
            failures.require("\(path).name", name)
            if !volumes.contains(name) { failures.append(.notFound("\(path).name", .string(name))) }
            failures.require("\(path).mountPath", place)
            if !places.insert(place).inserted {
                failures.append(.invalid("\(path).mountPath", .string(place), "must be unique"))
            }
            let (sub, expression) = (mount.text("subPath"), mount.text("subPathExpr"))
            // Upstream leaves the number out of these paths.
            if !sub.isEmpty { failures.check("\(list).subPath", sub, FilePathSyntax.descending) }
            if !expression.isEmpty {
                if !sub.isEmpty {
                    failures.append(
                        .invalid(
                            "\(path).subPathExpr", .string(expression),
                            "subPathExpr and subPath are mutually exclusive"))
                }
                failures.check("\(list).subPathExpr", expression, FilePathSyntax.descending)
            }
            checkPropagation(mount, container, "\(list).mountPropagation")
        }
    }

    private mutating func checkPropagation(_ mount: JSONValue, _ container: JSONValue, _ path: String) {
        guard let mode = mount.field("mountPropagation")?.string else { return }
        failures.check(path, mode, isOneOf: ["Bidirectional", "HostToContainer", "None"])
        if mode == "Bidirectional", !container.part("securityContext").flag("privileged") {
            failures.append(
                .forbidden(path, "Bidirectional mount propagation is available only to privileged containers"))
        }
    }
}

/// The forms of paths in volumes.
enum FilePathSyntax {
    /// `validateLocalDescendingPath`.
    static let descending: NameSyntax.Rule = { path in
        (path.hasPrefix("/") ? ["must be a relative path"] : []) + withoutParents(path)
    }

    /// `ValidateLocalNonReservedPath`.
    static let plain: NameSyntax.Rule = { path in
        descending(path)
            + (path.hasPrefix("..") && !path.hasPrefix("../") ? ["must not start with '..'"] : [])
    }

    /// `validatePathNoBacksteps`.
    static let withoutParents: NameSyntax.Rule = { path in
        path.split(separator: "/").contains("..") ? ["must not contain '..'"] : []
    }
}
