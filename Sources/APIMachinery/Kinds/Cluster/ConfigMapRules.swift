import KubeAPI

/// ConfigMaps (upstream's pkg/registry/core/configmap).
enum ConfigMapRules {
    static let rules = KindRules(
        resource: Resource(core: "ConfigMap", "configmaps"), singular: "configmap", shortNames: ["cm"],
        prepare: { Preparation.write(&$0, $1, first: nil) }, failures: failures, columns: ClusterColumns.configMap,
        columnFields: FieldMask(["data", "binaryData"]))
}
