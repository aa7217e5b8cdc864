import KubeAPI

/// Nodes (upstream's pkg/registry/core/node).
enum NodeRules {
    static let rules = KindRules(
        resource: Resource(core: "Node", "nodes", isNamespaced: false), singular: "node", shortNames: ["no"],
        subresources: ["status"], setDefaults: setDefaults, prepare: prepare, failures: failures,
        statusFailures: { failures($0, $1) },
        selectableFields: ["spec.unschedulable": { $0.spec.flag("unschedulable") ? "true" : "false" }],
        columns: ClusterColumns.node, columnFields: ClusterColumns.nodeFields)

    /// A new node may bring its status; later it is the kubelet's to write, through `status`.
    static func prepare(_ node: inout Unstructured, _ old: Unstructured?) {
        if let old { Preparation.write(&node, old) }
        node.edit("spec") { $0["configSource"] = nil }
    }

    /// `podCIDR` is the first of `podCIDRs` (pkg/apis/core/v1/conversion.go).
    static func setDefaults(_ node: inout Unstructured) {
        node.edit("spec") { spec in
            let (one, all) = (spec.text("podCIDR"), spec.list("podCIDRs"))
            if all.isEmpty, !one.isEmpty { spec["podCIDRs"] = [.string(one)] }
            if one.isEmpty, let first = all.first { spec["podCIDR"] = first }
        }
        node.edit("status") { status in
            if let capacity = status.field("capacity") { status.setIfAbsent("allocatable", capacity) }
        }
    }
}
