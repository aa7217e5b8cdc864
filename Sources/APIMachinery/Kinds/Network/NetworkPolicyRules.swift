import KubeAPI

/// NetworkPolicies (upstream's pkg/registry/networking/networkpolicy, pkg/apis/networking/v1/defaults.go).
enum NetworkPolicyRules {
    static let rules = KindRules(
        resource: Resource("networking.k8s.io", "NetworkPolicy", "networkpolicies"), singular: "networkpolicy",
        shortNames: ["netpol"], setDefaults: setDefaults,
        prepare: { Preparation.write(&$0, $1, first: nil, wish: .spec) }, failures: failures,
        columns: NetworkColumns.networkPolicy, columnFields: FieldMask(["spec.podSelector"]))

    /// A policy that does not say it is for what comes in, and for what goes out where it has rules for that.
    static func setDefaults(_ policy: inout Unstructured) {
        policy.edit("spec") { spec in
            for direction in ["ingress", "egress"] {
                spec.editEach(direction) { rule in rule.editEach("ports") { $0.setIfAbsent("protocol", "TCP") } }
            }
            spec.setIfAbsent("podSelector", .object(JSONObject()))
            guard spec.list("policyTypes").isEmpty else { return }
            spec["policyTypes"] = spec.list("egress").isEmpty ? ["Ingress"] : ["Ingress", "Egress"]
        }
    }
}
