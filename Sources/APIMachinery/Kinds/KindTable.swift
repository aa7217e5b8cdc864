import KubeAPI

/// The kinds that an API server serves, found by what requests name them by.
package struct KindTable: Sendable {
    private struct Place: Hashable, Sendable {
        let group: String
        let version: String
        let name: String
    }

    /// In the order in which discovery lists them.
    package let rows: [KindRules]
    private let byPlural: [Place: Int]
    private let byKind: [Place: Int]
    private let byWord: [String: Int]

    package init(_ rows: [KindRules]) {
        self.rows = rows
        func places(_ name: (Resource) -> String) -> [Place: Int] {
            let entries = rows.enumerated().map { index, row in
                (Place(group: row.resource.group, version: row.resource.version, name: name(row.resource)), index)
            }
            return Dictionary(entries) { first, _ in first }
        }
        byPlural = places(\.plural)
        byKind = places(\.kind)
        var words: [String: Int] = [:]
        for (index, row) in rows.enumerated() {
            for word in [row.resource.plural, row.singular] + row.shortNames where words[word] == nil {
                words[word] = index
            }
        }
        byWord = words
    }

    /// The kind at `/apis/<group>/<version>/…/<plural>`; the core group is empty.
    package func row(group: String, version: String, plural: String) -> KindRules? {
        byPlural[Place(group: group, version: version, name: plural)].map { rows[$0] }
    }

    package func row(group: String, version: String, kind: String) -> KindRules? {
        byKind[Place(group: group, version: version, name: kind)].map { rows[$0] }
    }

    /// By what an object says of itself: `apps/v1`, `Deployment`.
    package func row(apiVersion: String, kind: String) -> KindRules? {
        let parts = apiVersion.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        return parts.count == 1
            ? row(group: "", version: parts[0], kind: kind)
            : row(group: parts[0], version: parts[1], kind: kind)
    }

    package func row(_ resource: Resource) -> KindRules? {
        row(group: resource.group, version: resource.version, plural: resource.plural)
    }

    /// By a word that a person writes: `deploy`, `deployment` or `deployments`; the first kind that has it.
    package func row(word: String) -> KindRules? { byWord[word.lowercased()].map { rows[$0] } }

    /// The kinds that a word stands for: `all`.
    package func rows(category: String) -> [KindRules] { rows.filter { $0.categories.contains(category) } }
}

extension KindTable {
    /// The kinds of Kubernetes 1.36 that this API server serves.
    package static let kubernetes = KindTable([
        NamespaceRules.rules, NodeRules.rules, PodRules.rules, ServiceRules.rules, EndpointsRules.rules,
        ConfigMapRules.rules, SecretRules.rules, ServiceAccountRules.rules, EventRules.core, DeploymentRules.rules,
        ReplicaSetRules.rules, DaemonSetRules.rules, StatefulSetRules.rules, ControllerRevisionRules.rules,
        JobRules.rules, CronJobRules.rules, LeaseRules.rules, EndpointSliceRules.rules, EventRules.events,
        NetworkPolicyRules.rules, ServiceCIDRRules.rules, IPAddressRules.rules, PodDisruptionBudgetRules.rules,
    ])
}

extension Resource {
    /// `/registry/services`, `/registry/deployments.apps`: where the objects of a kind are stored.
    package var storedPrefix: String { "/registry/\(group.isEmpty ? plural : "\(plural).\(group)")" }

    /// A resource of the core group.
    init(core kind: String, _ plural: String, isNamespaced: Bool = true) {
        self.init(group: "", version: "v1", kind: kind, plural: plural, isNamespaced: isNamespaced)
    }

    init(_ group: String, _ kind: String, _ plural: String, isNamespaced: Bool = true) {
        self.init(group: group, version: "v1", kind: kind, plural: plural, isNamespaced: isNamespaced)
    }
}
