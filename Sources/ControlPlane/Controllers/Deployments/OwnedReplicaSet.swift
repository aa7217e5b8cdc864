import KubeAPI

/// A ReplicaSet of a Deployment, with the numbers that its rollout counts with.
struct OwnedReplicaSet {
    static let revision = "deployment.kubernetes.io/revision"
    static let revisionHistory = "deployment.kubernetes.io/revision-history"
    static let desiredReplicas = "deployment.kubernetes.io/desired-replicas"
    static let maxReplicas = "deployment.kubernetes.io/max-replicas"
    /// Annotations of a Deployment that its ReplicaSets do not get.
    private static let own: Set<String> = [
        revision, revisionHistory, desiredReplicas, maxReplicas, "deprecated.deployment.rollback.to",
        "kubectl.kubernetes.io/last-applied-configuration",
    ]

    var tree: Unstructured

    init(_ tree: Unstructured) { self.tree = tree }

    var name: String { tree.name }
    var replicas: Int {
        get { tree.wantedReplicas }
        set { tree[["spec", "replicas"]] = JSONValue(newValue) }
    }
    var actual: Int { tree.tree.int(at: "status", "replicas") ?? 0 }
    var ready: Int { tree.tree.int(at: "status", "readyReplicas") ?? 0 }
    var available: Int { tree.tree.int(at: "status", "availableReplicas") ?? 0 }
    var terminating: Int? { tree.tree.int(at: "status", "terminatingReplicas") }
    var observedGeneration: Int { tree.tree.int(at: "status", "observedGeneration") ?? 0 }
    var template: JSONValue? { tree[["spec", "template"]] }
    var revisionNumber: Int { annotation(Self.revision).flatMap { Int($0) } ?? 0 }

    func annotation(_ key: String) -> String? { tree[["metadata", "annotations", key]]?.string }

    private mutating func annotate(_ key: String, _ value: String) {
        tree[["metadata", "annotations", key]] = .string(value)
    }

    /// Says how many replicas the Deployment wants and may have, by which a later change of its size is noticed.
    mutating func setReplicaAnnotations(_ spec: DeploymentSpec) {
        annotate(Self.desiredReplicas, String(spec.replicas))
        annotate(Self.maxReplicas, String(spec.replicas + spec.maxSurge))
    }

    func hasReplicaAnnotations(_ spec: DeploymentSpec) -> Bool {
        annotation(Self.desiredReplicas) == String(spec.replicas)
            && annotation(Self.maxReplicas) == String(spec.replicas + spec.maxSurge)
    }

    /// Takes the Deployment's annotations and a revision that is greater than that of all others; what its revision was
    /// before a rollback to it goes into the history.
    mutating func setAnnotations(of deployment: Unstructured, revision new: Int, isNew: Bool, spec: DeploymentSpec) {
        for (key, value) in deployment.annotations where !Self.own.contains(key) { annotate(key, value) }
        let old = annotation(Self.revision)
        if (old.map { Int($0) ?? .max } ?? 0) < new {
            annotate(Self.revision, String(new))
            if let old { addToHistory(old) }
        }
        if isNew { setReplicaAnnotations(spec) }
    }

    private mutating func addToHistory(_ old: String) {
        // The most characters that upstream lets the list have.
        let limit = 2000
        var revisions = (annotation(Self.revisionHistory) ?? "").split(separator: ",").map { String($0) } + [old]
        while revisions.joined(separator: ",").utf8.count > limit, revisions.count > 1 { revisions.removeFirst() }
        annotate(Self.revisionHistory, revisions.joined(separator: ","))
    }
}

extension Sequence<OwnedReplicaSet> {
    /// The sum of one number over all.
    func total(_ number: (OwnedReplicaSet) -> Int) -> Int { reduce(0) { $0 + number($1) } }

    /// The oldest first, those of the same second by their names.
    var byAge: [OwnedReplicaSet] {
        sorted {
            let (left, right) = ($0.tree.creationTimestamp, $1.tree.creationTimestamp)
            if let left, let right, left != right { return left < right }
            return $0.name < $1.name
        }
    }
}
