import KubeAPI

extension JSONValue {
    /// Fields that are pointers upstream: their zero says something else than their absence.
    private static let pointers: Set<String> = [
        "activeDeadlineSeconds", "allocateLoadBalancerNodePorts", "allowPrivilegeEscalation",
        "automountServiceAccountToken", "backoffLimit", "backoffLimitPerIndex", "completions", "defaultMode",
        "enableServiceLinks", "expirationSeconds", "failedJobsHistoryLimit", "fsGroup", "hostUsers", "hostnameOverride",
        "immutable", "maxFailedIndexes", "maxSurge", "maxUnavailable", "minAvailable", "mode", "optional",
        "parallelism",
        "partition", "priority", "privileged", "progressDeadlineSeconds", "readOnlyRootFilesystem", "ready", "replicas",
        "revisionHistoryLimit", "runAsGroup", "runAsNonRoot", "runAsUser", "serving", "setHostnameAsFQDN",
        "shareProcessNamespace", "startingDeadlineSeconds", "successfulJobsHistoryLimit", "suspend", "terminating",
        "terminationGracePeriodSeconds", "tolerationSeconds", "ttlSecondsAfterFinished",
    ]

    /// Whether two trees say the same (`apiequality.Semantic.DeepEqual`): what is empty or zero equals what is absent,
    /// but for fields that are pointers upstream. Typed clients leave such fields out when they write an object back.
    func says(theSameAs other: JSONValue?) -> Bool { Self.same(self, other, key: "") }

    private static func same(_ left: JSONValue?, _ right: JSONValue?, key: String) -> Bool {
        switch (left, right) {
        case (.object(let left), .object(let right)): return sameFields(left, right)
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { same($0, $1, key: "") }
        case (let left?, let right?): return left == right || isNothing(left, key) && isNothing(right, key)
        case (let value?, nil), (nil, let value?): return isNothing(value, key)
        case (nil, nil): return true
        }
    }

    private static func sameFields(_ left: JSONObject, _ right: JSONObject) -> Bool {
        for field in left.fields where !same(field.value, right[field.key], key: field.key) { return false }
        for field in right.fields where left[field.key] == nil && !isNothing(field.value, field.key) { return false }
        return true
    }

    private static func isNothing(_ value: JSONValue, _ key: String) -> Bool {
        switch value {
        case .bool(false), .integer(0): !pointers.contains(key)
        case .object(let object): object.fields.allSatisfy { isNothing($0.value, $0.key) } && !isMarker(key)
        default: value.isEmpty
        }
    }

    /// Objects that say something by being there.
    private static func isMarker(_ key: String) -> Bool {
        key == "emptyDir" || key == "podSelector" || key == "namespaceSelector"
    }
}
