import KubeAPI

/// The rules for how a pod and its containers are kept apart from the node (`validatePodSpecSecurityContext`,
/// `ValidateSecurityContext`, `validateHostUsers`, `validateOS`).
extension PodSpecRules {
    /// Numbers of users and groups: 0 and above, of 31 bits.
    mutating func checkSecurity() {
        let security = spec.part("securityContext")
        let path = "\(path).securityContext"
        for key in ["fsGroup", "runAsUser", "runAsGroup"] {
            if let number = security.field(key)?.integer {
                failures.check("\(path).\(key)", number, in: 0...Int(Int32.max))
            }
        }
        for (index, group) in security.list("supplementalGroups").enumerated() {
            failures.check("\(path).supplementalGroups[\(index)]", group.integer ?? 0, in: 0...Int(Int32.max))
        }
        if spec.flag("shareProcessNamespace"), spec.flag("hostPID") {
            failures.append(
                .invalid(
                    "\(path).shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled"))
        }
        checkSysctls(security.list("sysctls"), "\(path).sysctls")
        check(security, "fsGroupChangePolicy", path, isAbsentOrOneOf: ["Always", "OnRootMismatch"])
        checkProfiles(of: security, path)
        check(security, "supplementalGroupsPolicy", path, isAbsentOrOneOf: ["Merge", "Strict"])
        check(security, "seLinuxChangePolicy", path, isAbsentOrOneOf: ["MountOption", "Recursive"])
    }

    /// `ValidateSecurityContext`. Privileged containers are allowed: the node's plugin and the service proxy are such.
    mutating func checkSecurity(of security: JSONValue, _ path: String) {
        for key in ["runAsUser", "runAsGroup"] {
            if let number = security.field(key)?.integer {
                failures.check("\(path).\(key)", number, in: 0...Int(Int32.max))
            }
        }
        if let mount = security.field("procMount")?.string {
            failures.check("\(path).procMount", mount, isOneOf: ["Default", "Unmasked"])
            if mount == "Unmasked", spec.field("hostUsers")?.bool != false {
                failures.append(
                    .invalid("\(path).procMount", "Unmasked", "`hostUsers` must be false to use `Unmasked`"))
            }
        }
        checkSeccomp(security.field("seccompProfile"), "\(path).seccompProfile")
        if security.field("allowPrivilegeEscalation")?.bool == false {
            if security.flag("privileged") {
                failures.append(
                    .invalid(
                        path, security, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"))
            }
            for capability in security.part("capabilities").texts("add") where capability == "CAP_SYS_ADMIN" {
                failures.append(
                    .invalid(
                        path, security,
                        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"))
            }
        }
        checkWindowsOptions(security.field("windowsOptions"), "\(path).windowsOptions")
        checkAppArmor(security.field("appArmorProfile"), "\(path).appArmorProfile")
    }

    private mutating func checkProfiles(of security: JSONValue, _ path: String) {
        checkSeccomp(security.field("seccompProfile"), "\(path).seccompProfile")
        checkWindowsOptions(security.field("windowsOptions"), "\(path).windowsOptions")
        checkAppArmor(security.field("appArmorProfile"), "\(path).appArmorProfile")
    }

    private mutating func check(_ part: JSONValue, _ key: String, _ path: String, isAbsentOrOneOf words: [String]) {
        if let text = part.field(key)?.string { failures.check("\(path).\(key)", text, isOneOf: words) }
    }

    private mutating func checkSysctls(_ sysctls: [JSONValue], _ path: String) {
        var names: Set<String> = []
        for (index, entry) in sysctls.enumerated() {
            let name = entry.text("name")
            if name.isEmpty {
                failures.append(.required("\(path)[\(index)].name"))
            } else if !names.insert(name).inserted {
                failures.append(.duplicate("\(path)[\(index)].name", .string(name)))
            }
        }
    }

    private static let profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"]

    /// `validateSeccompProfileField`.
    private mutating func checkSeccomp(_ profile: JSONValue?, _ path: String) {
        guard let profile else { return }
        let (type, file) = (profile.text("type"), "\(path).localhostProfile")
        if type.isEmpty {
            failures.append(.required("\(path).type", "type is required when seccompProfile is set"))
        } else {
            failures.check("\(path).type", type, isOneOf: Self.profileTypes)
        }
        let name = profile.field("localhostProfile")?.string
        if type != "Localhost" {
            guard name != nil else { return }
            failures.append(.invalid(file, profile, "can only be set when seccomp type is Localhost"))
        } else if let name {
            failures.check(file, name, FilePathSyntax.descending)
        } else {
            failures.append(.required(file, "must be set when seccomp type is Localhost"))
        }
    }

    /// `ValidateAppArmorProfileField`.
    private mutating func checkAppArmor(_ profile: JSONValue?, _ path: String) {
        guard let profile else { return }
        let file = "\(path).localhostProfile"
        let name = profile.field("localhostProfile")?.string
        switch profile.text("type") {
        case "Localhost":
            guard let name, !name.isEmpty else {
                failures.append(.required(file, "must be set when AppArmor type is Localhost"))
                return
            }
            if name.first?.isWhitespace == true || name.last?.isWhitespace == true {
                failures.append(.invalid(file, .string(name), "must not be padded with whitespace"))
            }
            if name.utf8.count > 4095 { failures.append(.tooLong(file, limit: 4095)) }
        case "RuntimeDefault", "Unconfined":
            guard let name else { return }
            failures.append(.invalid(file, .string(name), "can only be set when AppArmor type is Localhost"))
        case "": failures.append(.required("\(path).type", "type is required when appArmorProfile is set"))
        case let type: failures.append(.unsupported("\(path).type", .string(type), Self.profileTypes))
        }
    }

    /// `validateHostUsers`: with users of its own a pod shares no other namespace of the node.
    mutating func checkHostUsers() {
        guard spec.field("hostUsers")?.bool == false else { return }
        for (key, name) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")]
        where spec.flag(key) {
            failures.append(.forbidden("\(path).\(name)", "when `hostUsers` is false"))
        }
        for (container, place) in allContainers where !container.list("volumeDevices").isEmpty {
            failures.append(.forbidden("\(place).volumeDevices", "when `hostUsers` is false"))
        }
    }

    /// All containers with their paths, in upstream's order (`VisitContainersWithPath`).
    var allContainers: [(container: JSONValue, path: String)] {
        ["initContainers", "containers", "ephemeralContainers"].flatMap { key in
            spec.list(key).enumerated().map { ($0.element, "\(path).\(key)[\($0.offset)]") }
        }
    }
}
