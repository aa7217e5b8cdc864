import KubeAPI

/// How many Pods of each node a matcher means, and how many carry a term: counted once, and kept up with every Pod that
/// comes or goes. So a Pod's affinity and spread cost as much as there are nodes, however many Pods run on them.
struct PodCounts: Sendable {
    private struct Counter {
        var byNode: [String: Int] = [:]
        var lastUse = 0
    }

    /// Beyond this the counter that was used longest ago is forgotten, and counted anew when it is needed.
    private static let limit = 256

    private var counters: [PodMatcher: Counter] = [:]
    private var uses = 0
    /// The terms of Pods that keep others away, with the nodes that they are on.
    private(set) var requiredAntiTerms: [AffinityTerm: [String: Int]] = [:]
    /// The terms of Pods that count in the score of others; the weight is in the key.
    private(set) var weightedTerms: [WeightedTerm: [String: Int]] = [:]

    /// How upstream weighs a required affinity of a Pod that is there already (`hardPodAffinityWeight`).
    private static let requiredWeight = 1

    mutating func count(_ pod: SchedulingPod, on node: String, _ difference: Int, _ labels: [String: [String: String]])
    {
        for matcher in counters.keys where matcher.matches(pod, labels) {
            counters[matcher]?.byNode[node, default: 0] += difference
        }
        for term in pod.antiAffinity { Self.add(difference, &requiredAntiTerms, term, node) }
        for term in pod.preferences { Self.add(difference, &weightedTerms, term, node) }
        for term in pod.affinity {
            Self.add(difference, &weightedTerms, WeightedTerm(term: term, weight: Self.requiredWeight), node)
        }
    }

    private static func add<Key: Hashable>(
        _ difference: Int, _ table: inout [Key: [String: Int]], _ key: Key, _ node: String
    ) {
        table[key, default: [:]][node, default: 0] += difference
        if table[key]?[node] == 0 { table[key]?[node] = nil }
        if table[key]?.isEmpty == true { table[key] = nil }
    }

    /// The counts of the Pods that a matcher means, by node.
    mutating func byNode(
        _ matcher: PodMatcher, nodes: [String: SchedulingNode], _ labels: [String: [String: String]]
    ) -> [String: Int] {
        uses += 1
        if counters[matcher] == nil {
            var counter = Counter()
            for (name, node) in nodes {
                let count = node.pods.values.count { matcher.matches($0, labels) }
                if count > 0 { counter.byNode[name] = count }
            }
            counters[matcher] = counter
            if counters.count > Self.limit,
                let oldest = counters.filter({ $0.key != matcher }).min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                counters[oldest.key] = nil
            }
        }
        counters[matcher]?.lastUse = uses
        return counters[matcher]?.byNode ?? [:]
    }

    /// The labels of a namespace have changed: who is meant may be others now.
    mutating func forget() { counters = [:] }
}
