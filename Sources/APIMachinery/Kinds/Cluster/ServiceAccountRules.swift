import KubeAPI

/// ServiceAccounts (upstream's pkg/registry/core/serviceaccount).
enum ServiceAccountRules {
    static let rules = KindRules(
        resource: Resource(core: "ServiceAccount", "serviceaccounts"), singular: "serviceaccount", shortNames: ["sa"],
        subresources: ["token"],
        prepare: { account, old in
            Preparation.write(&account, old, first: nil)
            // Of a secret only its name is kept.
            account.edit(listIn: "secrets") { $0 = ["name": $0["name"] ?? ""] }
        },
        failures: failures, columns: ClusterColumns.serviceAccount, columnFields: FieldMask([]))
}
