/// What keeps a Pod off a node, for one Pod and all nodes: the first of upstream's filters that says no
/// (pkg/scheduler/framework/plugins, in the order of default_plugins.go).
struct NodeFilter {
    private let pod: SchedulingPod
    private let spread: SpreadFilter
    private let affinity: AffinityFilter
    private let named: Set<String>?

    init(_ pod: SchedulingPod, in cluster: inout ClusterState) {
        self.pod = pod
        spread = SpreadFilter(pod, in: &cluster)
        affinity = AffinityFilter(pod, in: &cluster)
        named = pod.requirement.nodeNames
    }

    /// Nil where the Pod may run on the node.
    func reason(against node: SchedulingNode) -> FitFailure.Reason? {
        if let named, !named.contains(node.name) {
            return .init("node(s) didn't satisfy plugin(s) [NodeAffinity]", cause: .node)
        }
        if node.isUnschedulable, !pod.tolerates(Taint(key: Taint.unschedulable, effect: "NoSchedule")) {
            return .init("node(s) were unschedulable", cause: .node)
        }
        if node.taints.contains(where: { $0.effect != "PreferNoSchedule" && !pod.tolerates($0) }) {
            return .init("node(s) had untolerated taint(s)", cause: .node)
        }
        if !pod.requirement.matches(name: node.name, labels: node.labels) {
            return .init("node(s) didn't match Pod's node affinity/selector", cause: .node)
        }
        if pod.hostPorts.contains(where: { port in node.ports.keys.contains { $0.conflicts(with: port) } }) {
            return .init(
                "node(s) didn't have free ports for the requested pod ports", cause: .room, isHelpedByPreemption: true)
        }
        return shortage(of: node) ?? spread.reason(against: node) ?? affinity.reason(against: node)
    }

    private func shortage(of node: SchedulingNode) -> FitFailure.Reason? {
        guard node.isMeasured else { return nil }
        var texts: [String] = []
        var isHelped = true
        if node.pods.count + 1 > node.allowedPods { texts.append("Too many pods") }
        func check(_ name: String, _ wanted: Int, of all: Int, taken: Int) {
            guard wanted > 0, wanted > all - taken else { return }
            texts.append("Insufficient \(name)")
            if wanted > all { isHelped = false }
        }
        let (wanted, all, taken) = (pod.requests, node.allocatable, node.requested)
        check("cpu", wanted.milliCPU, of: all.milliCPU, taken: taken.milliCPU)
        check("memory", wanted.memory, of: all.memory, taken: taken.memory)
        check("ephemeral-storage", wanted.ephemeralStorage, of: all.ephemeralStorage, taken: taken.ephemeralStorage)
        for (name, amount) in wanted.others {
            check(name, amount, of: all.others[name] ?? 0, taken: taken.others[name] ?? 0)
        }
        return texts.isEmpty ? nil : .init(texts, cause: .room, isHelpedByPreemption: isHelped)
    }
}

/// The topology spread constraints that must hold.
struct SpreadFilter {
    private struct Rule {
        let constraint: SpreadConstraint
        let counts: [String: Int]
        let least: Int
        let own: Int
    }

    private let rules: [Rule]

    init(_ pod: SchedulingPod, in cluster: inout ClusterState) {
        let constraints = pod.spread.filter(\.isRequired)
        let keys = constraints.map(\.topologyKey)
        rules = constraints.map { constraint in
            let counts = cluster.counts(of: constraint.matcher)
            var domains: [String: Int] = [:]
            for node in cluster.declared where keys.allSatisfy({ node.labels[$0] != nil }) {
                guard constraint.includes(node, for: pod), let domain = node.labels[constraint.topologyKey] else {
                    continue
                }
                domains[domain, default: 0] += counts[node.name] ?? 0
            }
            let least = domains.count < constraint.minDomains ? 0 : domains.values.min() ?? 0
            let isOwn = constraint.matcher.matches(pod, cluster.namespaceLabels)
            return Rule(constraint: constraint, counts: domains, least: least, own: isOwn ? 1 : 0)
        }
    }

    func reason(against node: SchedulingNode) -> FitFailure.Reason? {
        for rule in rules {
            guard let domain = node.labels[rule.constraint.topologyKey] else {
                return .init(
                    "node(s) didn't match pod topology spread constraints (missing required label)", cause: .node)
            }
            if (rule.counts[domain] ?? 0) + rule.own - rule.least > rule.constraint.maxSkew {
                return .init(
                    "node(s) didn't match pod topology spread constraints", cause: .others, isHelpedByPreemption: true)
            }
        }
        return nil
    }
}

extension SpreadConstraint {
    /// Whether the Pods of a node count.
    func includes(_ node: SchedulingNode, for pod: SchedulingPod) -> Bool {
        if honorsAffinity, !pod.requirement.matches(name: node.name, labels: node.labels) { return false }
        return !honorsTaints || node.taints.allSatisfy { $0.effect == "PreferNoSchedule" || pod.tolerates($0) }
    }
}

/// The affinities to other Pods that must hold, of the Pod and of those that are there already.
struct AffinityFilter {
    /// The domains of a topology key, with how many Pods they have.
    private typealias Domains = [String: Int]

    private let affinity: [(key: String, domains: Domains)]
    /// No Pod is there that it wants to be with, and it is one of those itself: then it is the first.
    private let isFirst: Bool
    private let antiAffinity: [(key: String, domains: Domains)]
    private let closed: [(key: String, domains: Domains)]

    init(_ pod: SchedulingPod, in cluster: inout ClusterState) {
        let labels = cluster.namespaceLabels
        affinity = pod.affinity.map { term in
            // A Pod counts that all terms mean.
            let matcher = pod.affinity.reduce(term.matcher) { $0.narrowed(by: $1.matcher) ?? $0 }
            return (term.topologyKey, cluster.domains(cluster.counts(of: matcher), by: term.topologyKey))
        }
        isFirst =
            affinity.allSatisfy { $0.domains.values.allSatisfy { $0 == 0 } }
            && pod.affinity.allSatisfy { $0.matcher.matches(pod, labels) }
        antiAffinity = pod.antiAffinity.map { term in
            (term.topologyKey, cluster.domains(cluster.counts(of: term.matcher), by: term.topologyKey))
        }
        closed = cluster.podCounts.requiredAntiTerms.filter { $0.key.matcher.matches(pod, labels) }
            .map { ($0.key.topologyKey, cluster.domains($0.value, by: $0.key.topologyKey)) }
    }

    func reason(against node: SchedulingNode) -> FitFailure.Reason? {
        for (key, domains) in affinity {
            guard let domain = node.labels[key], isFirst || domains[domain] ?? 0 > 0 else {
                return .init("node(s) didn't match pod affinity rules", cause: .others)
            }
        }
        if Self.isIn(antiAffinity, node) {
            return .init(
                "node(s) didn't match pod anti-affinity rules", cause: .others, isHelpedByPreemption: true)
        }
        if Self.isIn(closed, node) {
            return .init(
                "node(s) didn't satisfy existing pods anti-affinity rules", cause: .others, isHelpedByPreemption: true)
        }
        return nil
    }

    private static func isIn(_ terms: [(key: String, domains: Domains)], _ node: SchedulingNode) -> Bool {
        terms.contains { key, domains in node.labels[key].map { domains[$0] ?? 0 > 0 } ?? false }
    }
}
