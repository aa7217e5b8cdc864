import KubeAPI

/// `ValidateEventCreate`, `ValidateEventUpdate` (pkg/apis/core/validation/events.go).
extension EventRules {
    private static let textLimit = 128
    private static let noteLimit = 1024

    /// Of events of core/v1: the older, laxer rules.
    static func failures(_ event: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        let failures = commonFailures(event, controller: "reportingComponent")
        guard failures.isEmpty, old == nil else { return failures }
        // Any name will do that can stand in a path: the rule of what has no other (registry/rest/create.go).
        return MetadataRules.creationFailures(event.metadata, isNamespaced: true, NameSyntax.pathSegment)
    }

    /// Of events of events.k8s.io/v1, as the client sent them.
    static func newFailures(_ event: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        let core = toCore(event)
        var failures = commonFailures(core, controller: "reportingController")
        failures += MetadataRules.failures(event, old, NameSyntax.dns1123Subdomain)
        if let old {
            let before = toCore(old)
            if !(core["series"] ?? .null).says(theSameAs: before["series"]) { failures += seriesFailures(core) }
            for (path, key) in unchanging { failures.checkUnchanged(path, core[key], before[key]) }
            return failures
        }
        failures += seriesFailures(core)
        let tree = core.tree
        if tree.text("eventTime").isEmpty { failures.append(.required("eventTime")) }
        if tree.text("type") != "Normal", tree.text("type") != "Warning" {
            failures.append(.invalid("type", "", "has invalid value: \(tree.text("type"))"))
        }
        for key in ["firstTimestamp", "lastTimestamp"] where !tree.text(key).isEmpty {
            failures.append(.invalid(key, "", "needs to be unset"))
        }
        if tree.number("count") != 0 { failures.append(.invalid("count", "", "needs to be unset")) }
        let source = tree.part("source")
        if !source.text("component").isEmpty || !source.text("host").isEmpty {
            failures.append(.invalid("source", "", "needs to be unset"))
        }
        return failures
    }

    private static let unchanging = [
        ("involvedObject", "involvedObject"), ("reason", "reason"), ("message", "message"), ("source", "source"),
        ("firstTimestamp", "firstTimestamp"), ("lastTimestamp", "lastTimestamp"), ("count", "count"),
        ("type", "type"), ("eventTime", "eventTime"), ("action", "action"), ("related", "related"),
        ("reportingController", "reportingComponent"), ("reportingInstance", "reportingInstance"),
    ]

    private static func seriesFailures(_ event: Unstructured) -> [FieldFailure] {
        guard let series = event.tree.field("series") else { return [] }
        var failures: [FieldFailure] = []
        if series.number("count") < 2 { failures.append(.invalid("series.count", "", "should be at least 2")) }
        if series.text("lastObservedTime").isEmpty { failures.append(.required("series.lastObservedTime")) }
        return failures
    }

    /// `legacyValidateEvent`.
    private static func commonFailures(_ event: Unstructured, controller: String) -> [FieldFailure] {
        let tree = event.tree
        let namespace = tree.part("involvedObject").text("namespace")
        let isNew = !tree.text("eventTime").isEmpty
        let matches =
            namespace.isEmpty
            ? ["default", isNew ? "kube-system" : ""].contains(event.namespace)
            : isNew || event.namespace == namespace
        var failures: [FieldFailure] = []
        if !matches {
            failures.append(
                .invalid("involvedObject.namespace", .string(namespace), "does not match event.namespace"))
        }
        if isNew {
            let name = tree.text("reportingComponent")
            failures.require(controller, name)
            failures.check(controller, name, NameSyntax.qualifiedName)
            for key in ["reportingInstance", "action", "reason"] {
                failures.require(key, tree.text(key))
                failures.checkLength(key, tree.text(key), textLimit)
            }
            failures.checkLength("message", tree.text("message"), noteLimit)
        }
        failures.check("namespace", event.namespace, NameSyntax.dns1123Subdomain)
        return failures
    }
}

extension [FieldFailure] {
    fileprivate mutating func checkLength(_ path: String, _ text: String, _ limit: Int) {
        if text.utf8.count > limit { append(.invalid(path, "", "can have at most \(limit) characters")) }
    }
}
