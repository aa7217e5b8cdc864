import KubeAPI

/// What Go's objects always have, be it empty: fields that are no pointers upstream. Who makes the object around them makes
/// them, too, but nobody owns them for what is in them.
extension ObjectSchema {
    private static let objects: Set<String> = [
        "metadata", "spec", "status", "template", "jobTemplate", "strategy", "updateStrategy", "resources", "state",
        "lastState", "daemonEndpoints", "kubeletEndpoint", "nodeInfo", "loadBalancer", "involvedObject", "source",
        "target", "podSelector",
    ]

    /// Those of `objects` that are pointers in some schemas.
    private static let pointers: Set<String> = ["PodSpec.resources", "ReplicationControllerSpec.template"]

    /// Times that are there as null.
    private static let times: Set<String> = [
        "lastProbeTime", "lastTransitionTime", "lastUpdateTime", "lastHeartbeatTime", "firstTimestamp", "lastTimestamp",
        "eventTime",
    ]

    /// The names of such fields among those of a schema.
    static func impliedFields(of schema: String, _ fields: [FieldSchema]) -> Set<String> {
        let type = schema.split(separator: ".").last ?? ""
        return Set(
            fields.filter { field in
                switch field.type {
                case .object: objects.contains(field.name) && !pointers.contains("\(type).\(field.name)")
                case .list, .map: field.keepsZero
                case .time, .microTime: times.contains(field.name)
                default: false
                }
            }.map(\.name))
    }

    /// Whether an object that has no fields has some nevertheless.
    var impliesFields: Bool { !impliedFields.isEmpty }

    /// What stands for a field that an object does not have, though upstream's always has it; nil for all others.
    func implied(_ field: FieldSchema) -> JSONValue? {
        guard impliesFields, impliedFields.contains(field.name) else { return nil }
        if case .object = field.type { return .object(JSONObject()) }
        return .null
    }
}
