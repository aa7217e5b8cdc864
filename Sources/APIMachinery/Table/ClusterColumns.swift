import KubeAPI

/// What `kubectl get` prints of the other kinds.
enum ClusterColumns {
    static let namespace: [TableColumn] = [
        .name, .text("Status", "The status of the namespace") { $0.status.text("phase") }, .age,
    ]

    static let node: [TableColumn] = [
        .name,
        .text("Status", "The status of the node", nodeStatus),
        .text("Roles", "The roles of the node", roles),
        .age,
        .text("Version", "The version of the kubelet.") { $0.status.part("nodeInfo").text("kubeletVersion") },
        .text("Internal-IP", priority: 1, "The node's address inside of the cluster.") { address($0, "InternalIP") },
        .text("External-IP", priority: 1, "The node's address outside of the cluster.") { address($0, "ExternalIP") },
        .text("OS-Image", priority: 1, "The node's operating system.") { info($0, "osImage") },
        .text("Kernel-Version", priority: 1, "The node's kernel.") { node in
            let architecture = node.status.part("nodeInfo").text("architecture")
            return info(node, "kernelVersion") + (architecture.isEmpty ? "" : " (\(architecture))")
        },
        .text("Container-Runtime", priority: 1, "What runs the node's containers.") {
            info($0, "containerRuntimeVersion")
        },
    ]

    static let nodeFields = FieldMask([
        "spec.unschedulable", "status.conditions.type", "status.conditions.status", "status.addresses",
        "status.nodeInfo",
    ])

    static let configMap: [TableColumn] = [
        .name,
        .count("Data", type: "string", "The number of keys.") { map in
            ["data", "binaryData"].map { map[$0]?.object?.count ?? 0 }.reduce(0, +)
        },
        .age,
    ]

    static let secret: [TableColumn] = [
        .name,
        .text("Type", "What the secret is for.") { $0["type"]?.string ?? "" },
        .count("Data", type: "string", "The number of keys.") { $0["data"]?.object?.count ?? 0 },
        .age,
    ]

    static let serviceAccount: [TableColumn] = [.name, .age]

    static let lease: [TableColumn] = [
        .name, .text("Holder", "Who holds the lease.") { $0.spec.text("holderIdentity") }, .age,
    ]

    /// Of the shape that core/v1 has; events.k8s.io's are printed from their stored shape.
    static let event: [TableColumn] = [
        TableColumn("Last Seen", documentation: "When it happened last.") { event, now in
            if let series = event["series"], !series.isNull {
                return .string(HumanDuration.text(since: series.time("lastObservedTime"), now: now))
            }
            return .string(HumanDuration.text(since: event.tree.time("lastTimestamp") ?? firstSeen(event), now: now))
        },
        .text("Type", "Normal or Warning.") { $0.tree.text("type") },
        .text("Reason", "What happened, in one word.") { $0.tree.text("reason") },
        .text("Object", "The object that it happened to.") { event in
            let object = event.tree.part("involvedObject")
            let name = object.text("name")
            return object.text("kind").lowercased() + (name.isEmpty ? "" : "/\(name)")
        },
        .text("Subobject", priority: 1, "The part of the object.") { $0.tree.part("involvedObject").text("fieldPath") },
        .text("Source", priority: 1, "Who says so.", source),
        .text("Message", "What happened.") { trimmed($0.tree.text("message")) },
        TableColumn("First Seen", priority: 1, documentation: "When it happened first.") { event, now in
            .string(HumanDuration.text(since: firstSeen(event), now: now))
        },
        .count("Count", type: "string", priority: 1, "How often it happened.") { event in
            if let series = event.tree.field("series") { return series.number("count") }
            return max(event.tree.number("count"), 1)
        },
        TableColumn("Name", format: "name", priority: 1, documentation: "The name of the event.") { event, _ in
            .string(event.name)
        },
    ]

    private static func firstSeen(_ event: Unstructured) -> Timestamp? {
        event.tree.time("firstTimestamp") ?? event.tree.time("eventTime")
    }

    private static func source(_ event: Unstructured) -> String {
        let source = event.tree.part("source")
        func first(_ texts: String...) -> String { texts.first { !$0.isEmpty } ?? "" }
        let component = first(source.text("component"), event.tree.text("reportingComponent"))
        let instance = first(source.text("host"), event.tree.text("reportingInstance"))
        return instance.isEmpty ? component : "\(component), \(instance)"
    }

    private static func trimmed(_ text: String) -> String {
        let tail = text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
        return String(tail.reversed())
    }

    private static func nodeStatus(_ node: Unstructured) -> String {
        let ready = node.status.list("conditions").last { $0.text("type") == "Ready" }
        let words = [
            ready.map { $0.text("status") == "True" ? "Ready" : "NotReady" } ?? "Unknown",
            node.spec.flag("unschedulable") ? "SchedulingDisabled" : "",
        ]
        return words.filter { !$0.isEmpty }.joined(separator: ",")
    }

    private static func roles(_ node: Unstructured) -> String {
        let prefix = "node-role.kubernetes.io/"
        let roles = node.metadata.pairs("labels").compactMap { key, value -> String? in
            if key.hasPrefix(prefix) { return String(key.dropFirst(prefix.count)) }
            return key == "kubernetes.io/role" ? value : nil
        }
        let named = Set(roles.filter { !$0.isEmpty }).sorted()
        return named.isEmpty ? "<none>" : named.joined(separator: ",")
    }

    private static func address(_ node: Unstructured, _ type: String) -> String {
        node.status.list("addresses").first { $0.text("type") == type }?.text("address") ?? "<none>"
    }

    private static func info(_ node: Unstructured, _ key: String) -> String {
        let text = node.status.part("nodeInfo").text(key)
        return text.isEmpty ? "<unknown>" : text
    }
}
