import KubeAPI

/// `status.conditions` of an object, in upstream's order: one that changes goes to the end.
struct StatusConditions: Equatable {
    private(set) var list: [JSONValue]

    init(_ object: Unstructured) { list = object.tree.list(at: "status", "conditions") }

    subscript(type: String) -> JSONValue? { list.first { $0.text(at: "type") == type } }

    mutating func remove(_ type: String) { list.removeAll { $0.text(at: "type") == type } }

    /// Sets a condition whose status or reason is another one now. The time of the last transition stays while the
    /// status does.
    mutating func set(
        _ type: String, _ status: String, reason: String, message: String, now: Timestamp, hasUpdateTime: Bool = false,
        hasProbeTime: Bool = false
    ) {
        let old = self[type]
        if let old, old.text(at: "status") == status, old.text(at: "reason") == reason { return }
        var condition: JSONValue = [
            "type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message),
        ]
        let time = JSONValue.string(now.wholeSeconds.text)
        if hasUpdateTime { condition["lastUpdateTime"] = time }
        if hasProbeTime { condition["lastProbeTime"] = time }
        let isSame = old?.text(at: "status") == status
        condition["lastTransitionTime"] = isSame ? old?["lastTransitionTime"] ?? time : time
        put(condition)
    }

    /// Puts a condition in place of the one of its type.
    mutating func put(_ condition: JSONValue) {
        remove(condition.text(at: "type"))
        list.append(condition)
    }

    var json: JSONValue? { list.isEmpty ? nil : .array(list) }
}
