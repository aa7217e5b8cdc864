import KubeAPI

/// PodDisruptionBudgets (upstream's pkg/registry/policy/poddisruptionbudget).
enum PodDisruptionBudgetRules {
    private static let counts = ["currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"]

    static let rules = KindRules(
        resource: Resource("policy", "PodDisruptionBudget", "poddisruptionbudgets"), singular: "poddisruptionbudget",
        shortNames: ["pdb"], subresources: ["status"], strategy: .init(updatesUnconditionally: false),
        setDefaults: { budget in
            budget.edit("status") { status in
                for key in counts { status.setIfAbsent(key, 0) }
            }
        },
        prepare: { Preparation.write(&$0, $1, first: JSONValue.zeros(counts), wish: .spec) }, failures: failures,
        statusFailures: statusFailures,
        columns: WorkloadColumns.disruptionBudget,
        columnFields: FieldMask(["spec.minAvailable", "spec.maxUnavailable", "status.disruptionsAllowed"]))
}
