import KubeAPI

/// The rules for containers that are added to a running pod, to look at it (`validateEphemeralContainers`,
/// `ValidatePodEphemeralContainersUpdate`).
extension PodSpecRules {
    /// What a container may not have that is not a part of the pod's work.
    private static let forbidden = [
        "ports", "resources", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "restartPolicy",
        "resizePolicy",
    ]

    mutating func checkEphemeralContainers() {
        let others = Set(
            (spec.list("containers") + spec.list("initContainers")).map { $0.text("name") })
        var names = others
        for (index, container) in spec.list("ephemeralContainers").enumerated() {
            let path = "\(path).ephemeralContainers[\(index)]"
            checkContainer(container, path)
            let image = container.text("image")
            if image.first?.isWhitespace == true || image.last?.isWhitespace == true {
                failures.append(
                    .invalid("\(path).image", .string(image), "must not have leading or trailing whitespace"))
            }
            let name = container.text("name")
            if !names.insert(name).inserted { failures.append(.duplicate("\(path).name", .string(name))) }
            let target = container.text("targetContainerName")
            if !target.isEmpty, !others.contains(target) {
                failures.append(.notFound("\(path).targetContainerName", .string(target)))
            }
            let cause = "cannot be set for an Ephemeral Container"
            for key in Self.forbidden where container.field(key)?.isEmpty == false {
                failures.append(.forbidden("\(path).\(key)", cause))
            }
            for (place, mount) in container.list("volumeMounts").enumerated() {
                for key in ["subPath", "subPathExpr"] where !mount.text(key).isEmpty {
                    failures.append(.forbidden("\(path).volumeMounts[\(place)].\(key)", cause))
                }
            }
        }
    }
}

extension PodRules {
    /// The rules that a write of the containers to look with breaks: those that are there stay as they are.
    package static func ephemeralFailures(_ pod: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        let path = "spec.ephemeralContainers"
        var failures = PodSpecRules.failures(pod.spec, "spec", isPod: true)
        let containers = Dictionary(pod.spec.list("ephemeralContainers").map { ($0.text("name"), $0) }) { $1 }
        for before in old.spec.list("ephemeralContainers") {
            let name = before.text("name")
            guard let now = containers[name] else {
                failures.append(.forbidden(path, "existing ephemeral containers \"\(name)\" may not be removed\n"))
                continue
            }
            guard !now.says(theSameAs: before) else { continue }
            let difference = UnifiedDifference.text(from: before, to: now)
            failures.append(
                .forbidden(path, "existing ephemeral containers \"\(name)\" may not be changed\n\(difference)"))
        }
        return failures
    }
}
