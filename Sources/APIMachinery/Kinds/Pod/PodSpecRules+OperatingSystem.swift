import KubeAPI

/// What depends on a pod's operating system, which no node of ours has but Linux: a spec is checked as upstream checks it, so
/// that it can go to another cluster (`validateOS`, `validateLinux`, `validateWindows`, `validateWindowsHostProcessPod`).
extension PodSpecRules {
    private static let notForWindows = "cannot be set for a windows pod"

    mutating func checkOperatingSystem() {
        guard let system = spec.field("os") else { return }
        switch system.text("name") {
        case "": failures.append(.required("\(path).os.name"))
        case "linux": checkLinux()
        case "windows": checkWindows()
        case let name: failures.append(.unsupported("\(path).os", .string(name), ["linux", "windows"]))
        }
    }

    private mutating func checkLinux() {
        let places = [(spec, path)] + allContainers.map { ($0.container, $0.path) }
        for (part, path) in places where part.part("securityContext").has("windowsOptions") {
            failures.append(
                .forbidden(
                    "\(path).securityContext.windowsOptions", "windows options cannot be set for a linux pod"))
        }
    }

    private mutating func checkWindows() {
        let security = spec.part("securityContext")
        func forbid(_ part: JSONValue, _ keys: [String], _ path: String, _ failures: inout [FieldFailure]) {
            for key in keys where part.has(key) {
                let isUnset = part.field(key)?.bool == false && ["hostPID", "hostIPC"].contains(key)
                if !isUnset { failures.append(.forbidden("\(path).\(key)", Self.notForWindows)) }
            }
        }
        let inside = "\(path).securityContext"
        forbid(security, ["appArmorProfile", "seLinuxOptions"], inside, &failures)
        forbid(spec, ["hostUsers", "hostPID", "hostIPC"], path, &failures)
        forbid(security, ["seccompProfile", "fsGroup", "fsGroupChangePolicy"], inside, &failures)
        if !security.list("sysctls").isEmpty {
            failures.append(.forbidden("\(inside).sysctls", Self.notForWindows))
        }
        forbid(spec, ["shareProcessNamespace"], path, &failures)
        forbid(
            security,
            [
                "runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy",
            ], inside, &failures)
        for (container, path) in allContainers {
            forbid(
                container.part("securityContext"),
                [
                    "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem",
                    "privileged", "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup",
                ], "\(path).securityContext", &failures)
        }
    }

    /// All containers are the node's own processes, or none is.
    mutating func checkHostProcesses() {
        let whole = spec.part("securityContext").part("windowsOptions").field("hostProcess")?.bool
        var count = 0
        let containers = allContainers
        for (container, path) in containers {
            let own = container.part("securityContext").part("windowsOptions").field("hostProcess")?.bool
            if let whole, let own, whole != own {
                failures.append(
                    .invalid(
                        "\(path).securityContext.windowsOptions.hostProcess", JSONValue(own),
                        "pod hostProcess value must be identical if both are specified, was \(whole)"))
            }
            if own ?? whole ?? false { count += 1 }
        }
        guard count > 0 else { return }
        if count != containers.count {
            failures.append(
                .invalid(
                    path, "",
                    "If pod contains any hostProcess containers then all containers must be HostProcess containers"
                ))
        }
        if !spec.flag("hostNetwork") {
            failures.append(
                .invalid(
                    "\(path).hostNetwork", false, "hostNetwork must be true if pod contains any hostProcess containers"
                ))
        }
    }

    /// `validateWindowsSecurityContextOptions`, but for what a domain and a user's name are made of.
    mutating func checkWindowsOptions(_ options: JSONValue?, _ path: String) {
        guard let options else { return }
        if let name = options.field("gmsaCredentialSpecName")?.string {
            failures.check("\(path).gmsaCredentialSpecName", name, NameSyntax.dns1123Subdomain)
        }
        if let text = options.field("gmsaCredentialSpec")?.string {
            let place = "\(path).gmsaCredentialSpec"
            if text.isEmpty {
                failures.append(.invalid(place, "", "gmsaCredentialSpec cannot be an empty string"))
            } else if text.utf8.count > 64 << 10 {
                failures.append(.invalid(place, .string(text), "gmsaCredentialSpec size must be under 64 KiB"))
            }
        }
        guard let user = options.field("runAsUserName")?.string else { return }
        let cause: String? =
            if user.isEmpty {
                "runAsUserName cannot be an empty string"
            } else if user.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
                "runAsUserName cannot contain control characters"
            } else if user.count(where: { $0 == "\\" }) > 1 {
                "runAsUserName cannot contain more than one backslash"
            } else {
                nil
            }
        if let cause { failures.append(.invalid("\(path).runAsUserName", .string(user), cause)) }
    }
}
