import KubeAPI

/// ServiceCIDRs (upstream's pkg/registry/networking/servicecidr).
enum ServiceCIDRRules {
    static let rules = KindRules(
        resource: Resource("networking.k8s.io", "ServiceCIDR", "servicecidrs", isNamespaced: false),
        singular: "servicecidr", subresources: ["status"], prepare: { Preparation.write(&$0, $1) },
        prepareStatus: Preparation.statusAlone, failures: failures, columns: NetworkColumns.serviceCIDR,
        columnFields: FieldMask(["spec.cidrs"]))
}
