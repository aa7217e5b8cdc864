/// How well a Pod suits each of the nodes that it may run on: upstream's scores with their weights (default_plugins.go).
struct NodeScores {
    /// In the order of the nodes.
    private(set) var totals: [Int]

    private let pod: SchedulingPod
    private let nodes: [SchedulingNode]

    init(
        _ pod: SchedulingPod, feasible nodes: [SchedulingNode], defaults: [SpreadConstraint],
        in cluster: inout ClusterState
    ) {
        self.pod = pod
        self.nodes = nodes
        totals = Array(repeating: 0, count: nodes.count)
        add(taints, weight: 3)
        add(preferredNodes, weight: 2)
        add(nodes.map { ResourceScores.leastAllocated(pod, $0) }, weight: 1)
        add(nodes.map { ResourceScores.balanced(pod, $0) }, weight: 1)
        add(spread(defaults: defaults, in: &cluster), weight: 2)
        add(affinity(in: &cluster), weight: 2)
        add(images(in: cluster), weight: 1)
    }

    private mutating func add(_ scores: [Int], weight: Int) {
        for index in scores.indices { totals[index] += weight * scores[index] }
    }

    /// The fewer taints of the soft kind it does not tolerate, the better.
    private var taints: [Int] {
        let counts = nodes.map { node in node.taints.count { $0.effect == "PreferNoSchedule" && !pod.tolerates($0) } }
        let most = counts.max() ?? 0
        return counts.map { most == 0 ? 100 : 100 - 100 * $0 / most }
    }

    private var preferredNodes: [Int] {
        if pod.preferredNodes.isEmpty { return [] }
        let sums = nodes.map { node in
            pod.preferredNodes.reduce(0) {
                $0 + ($1.term.matches(name: node.name, labels: node.labels) ? $1.weight : 0)
            }
        }
        let most = sums.max() ?? 0
        return sums.map { most == 0 ? 0 : 100 * $0 / most }
    }

    /// The fewer Pods of its kind are in a node's domains, the better (podtopologyspread/scoring.go).
    private func spread(defaults: [SpreadConstraint], in cluster: inout ClusterState) -> [Int] {
        let isDefault = pod.spread.isEmpty
        let constraints = isDefault ? defaults : pod.spread.filter { !$0.isRequired }
        if constraints.isEmpty { return [] }
        let keys = constraints.map(\.topologyKey)
        func counts(_ node: SchedulingNode) -> Bool { isDefault || keys.allSatisfy { node.labels[$0] != nil } }
        let isCounted = nodes.map(counts)
        var sums = [Double](repeating: 0, count: nodes.count)
        for constraint in constraints {
            let isByNode = constraint.topologyKey == SpreadConstraint.hostname
            let perNode = cluster.counts(of: constraint.matcher)
            let values = zip(nodes, isCounted).compactMap { $1 ? $0.labels[constraint.topologyKey] : nil }
            var domains = Dictionary(values.map { ($0, 0) }) { first, _ in first }
            if !isByNode {
                for node in cluster.declared where counts(node) && constraint.includes(node, for: pod) {
                    guard let domain = node.labels[constraint.topologyKey], domains[domain] != nil else { continue }
                    domains[domain, default: 0] += perNode[node.name] ?? 0
                }
            }
            let weight = Self.logarithm((isByNode ? isCounted.count { $0 } : domains.count) + 2)
            for (index, node) in nodes.enumerated() where isCounted[index] {
                guard let domain = node.labels[constraint.topologyKey] else { continue }
                let count = isByNode ? perNode[node.name] ?? 0 : domains[domain] ?? 0
                sums[index] += Double(count) * weight + Double(constraint.maxSkew - 1)
            }
        }
        let scores = sums.map { Int($0.rounded(.toNearestOrAwayFromZero)) }
        let valid = zip(scores, isCounted).filter { $0.1 }.map(\.0)
        let (least, most) = (valid.min() ?? 0, valid.max() ?? 0)
        return zip(scores, isCounted).map { score, isCounted in
            guard isCounted else { return 0 }
            return most == 0 ? 100 : 100 * (most + least - score) / most
        }
    }

    /// The natural logarithm; there is no C library here. The series of 2 artanh((m - 1) / (m + 1)) for a mantissa below 2.
    static func logarithm(_ number: Int) -> Double {
        let value = Double(number)
        let ratio = (value.significand - 1) / (value.significand + 1)
        var (term, sum) = (ratio, 0.0)
        for odd in stride(from: 1.0, to: 40, by: 2) {
            sum += term / odd
            term *= ratio * ratio
        }
        return 2 * sum + Double(value.exponent) * 0.693_147_180_559_945_3
    }

    /// The more of its images a node has, the better; an image that few nodes have counts little, so that not all Pods go
    /// where it is (imagelocality/image_locality.go).
    private func images(in cluster: ClusterState) -> [Int] {
        guard nodes.contains(where: { node in pod.images.contains { node.images[$0] != nil } }) else { return [] }
        let all = cluster.declared
        let shares = Dictionary(
            pod.images.map { image in
                (image, Double(all.count { $0.images[image] != nil }) / Double(max(1, all.count)))
            }
        ) { first, _ in first }
        let megabyte = 1 << 20
        let (least, most) = (23 * megabyte, 1000 * megabyte * pod.images.count)
        return nodes.map { node in
            let sum = pod.images.reduce(0) { sum, image in
                sum + Int(Double(node.images[image] ?? 0) * (shares[image] ?? 0))
            }
            return 100 * (min(max(sum, least), most) - least) / (most - least)
        }
    }

    /// Where those are that it wants to be with, or that want to be with it (interpodaffinity/scoring.go).
    private func affinity(in cluster: inout ClusterState) -> [Int] {
        let labels = cluster.namespaceLabels
        var parts: [(key: String, domains: [String: Int], weight: Int)] = []
        for preference in pod.preferences {
            let counts = cluster.counts(of: preference.term.matcher)
            let key = preference.term.topologyKey
            parts.append((key, cluster.domains(counts, by: key), preference.weight))
        }
        for (weighted, counts) in cluster.podCounts.weightedTerms where weighted.term.matcher.matches(pod, labels) {
            let key = weighted.term.topologyKey
            parts.append((key, cluster.domains(counts, by: key), weighted.weight))
        }
        if parts.isEmpty { return [] }
        let sums = nodes.map { node in
            parts.reduce(0) { sum, part in
                sum + (node.labels[part.key].flatMap { part.domains[$0] } ?? 0) * part.weight
            }
        }
        let (least, most) = (sums.min() ?? 0, sums.max() ?? 0)
        return sums.map { most == least ? 0 : 100 * ($0 - least) / (most - least) }
    }
}

/// Scores by CPU and memory (noderesources/least_allocated.go, balanced_allocation.go).
private enum ResourceScores {
    static func leastAllocated(_ pod: SchedulingPod, _ node: SchedulingNode) -> Int {
        let wanted = node.scored + pod.scoredRequests
        var (sum, weights) = (0, 0)
        for (amount, all) in [
            (wanted.milliCPU, node.allocatable.milliCPU), (wanted.memory, node.allocatable.memory),
        ] where all > 0 {
            sum += amount > all ? 0 : (all - amount) * 100 / all
            weights += 1
        }
        return weights == 0 ? 0 : sum / weights
    }

    /// Better where CPU and memory come nearer to being used alike. Nothing for a Pod that asks for neither.
    static func balanced(_ pod: SchedulingPod, _ node: SchedulingNode) -> Int {
        if pod.requests.milliCPU == 0, pod.requests.memory == 0 { return 0 }
        let after = balance(node.requested + pod.requests, node.allocatable)
        return 50 + (50 + after - balance(node.requested, node.allocatable)) / 2
    }

    private static func balance(_ used: ResourceAmounts, _ all: ResourceAmounts) -> Int {
        guard all.milliCPU > 0, all.memory > 0 else { return 100 }
        let cpu = min(1, Double(used.milliCPU) / Double(all.milliCPU))
        let memory = min(1, Double(used.memory) / Double(all.memory))
        return Int((1 - abs(cpu - memory) / 2) * 100)
    }
}
