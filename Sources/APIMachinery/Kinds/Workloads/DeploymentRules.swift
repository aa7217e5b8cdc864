import KubeAPI

/// Deployments (upstream's pkg/registry/apps/deployment, pkg/apis/apps/v1/defaults.go).
enum DeploymentRules {
    static let rules = KindRules(
        resource: Resource("apps", "Deployment", "deployments"), singular: "deployment", shortNames: ["deploy"],
        categories: ["all"], subresources: ["status", "scale"], setDefaults: setDefaults,
        prepare: { Preparation.write(&$0, $1, wish: [.spec, .annotations]) },
        prepareStatus: { object, old in
            Preparation.status(&object, old)
            object[["metadata", "labels"]] = old.metadata["labels"]
        },
        failures: failures, statusFailures: statusFailures, columns: WorkloadColumns.deployment,
        columnFields: FieldMask(
            TableColumn.templateFields() + [
                "spec.replicas", "status.readyReplicas", "status.updatedReplicas", "status.availableReplicas",
            ]))

    static func setDefaults(_ deployment: inout Unstructured) {
        deployment.edit("spec") { spec in
            PodDefaults.setTemplate(&spec)
            spec.setIfAbsent("replicas", 1)
            spec.setIfAbsent("strategy", .object(JSONObject()))
            spec.edit("strategy") { strategy in
                strategy.setIfZero("type", "RollingUpdate")
                guard strategy.text("type") == "RollingUpdate" else { return }
                strategy.setIfAbsent("rollingUpdate", .object(JSONObject()))
                strategy.edit("rollingUpdate") { update in
                    update.setIfAbsent("maxUnavailable", "25%")
                    update.setIfAbsent("maxSurge", "25%")
                }
            }
            spec.setIfAbsent("revisionHistoryLimit", 10)
            spec.setIfAbsent("progressDeadlineSeconds", 600)
        }
    }
}
