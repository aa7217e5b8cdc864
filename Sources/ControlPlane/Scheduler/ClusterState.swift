import KubeAPI

/// What is in the cluster, as the scheduler sees it: Nodes with the Pods on them, those included that it has just decided
/// about. Every change is applied to it; nothing is ever listed.
struct ClusterState: Sendable {
    private(set) var nodes: [String: SchedulingNode] = [:]
    /// The names of the Nodes that are declared, in order.
    private var order: [String] = []
    private var places: [ObjectName: String] = [:]
    private(set) var podCounts = PodCounts()
    private(set) var namespaceLabels: [String: [String: String]] = [:]
    /// Where the next search among equal nodes begins.
    private var turn = 0

    var declared: [SchedulingNode] { order.compactMap { nodes[$0] } }

    /// - Returns: whether a Pod might fit now that did not before.
    mutating func set(node: Unstructured) -> Bool {
        let name = node.name
        if nodes[name]?.isDeclared != true {
            let index = order.firstIndex { $0 > name } ?? order.count
            order.insert(name, at: index)
        }
        return nodes[name, default: SchedulingNode(name: name)].update(node)
    }

    mutating func remove(node name: String) {
        order.removeAll { $0 == name }
        nodes[name]?.withdraw()
        if nodes[name]?.pods.isEmpty == true { nodes[name] = nil }
    }

    /// Puts a Pod on a node, or takes it away where it is on none.
    ///
    /// - Returns: the Pod that was there before.
    @discardableResult
    mutating func place(_ pod: SchedulingPod, on node: String?) -> SchedulingPod? {
        let before = remove(pod.name)
        guard let node else { return before }
        nodes[node, default: SchedulingNode(name: node)].add(pod)
        places[pod.name] = node
        podCounts.count(pod, on: node, 1, namespaceLabels)
        return before
    }

    @discardableResult
    mutating func remove(_ name: ObjectName) -> SchedulingPod? {
        guard let node = places.removeValue(forKey: name), let pod = nodes[node]?.remove(name) else { return nil }
        podCounts.count(pod, on: node, -1, namespaceLabels)
        if nodes[node]?.isDeclared == false, nodes[node]?.pods.isEmpty == true { nodes[node] = nil }
        return pod
    }

    /// The Pod on its node, if it is on one.
    func placed(_ name: ObjectName) -> SchedulingPod? { places[name].flatMap { nodes[$0]?.pods[name] } }

    /// - Returns: whether they are other ones than before.
    mutating func set(namespace: String, labels: [String: String]?) -> Bool {
        guard namespaceLabels[namespace] != labels else { return false }
        namespaceLabels[namespace] = labels
        podCounts.forget()
        return true
    }

    /// How many Pods of each node a matcher means.
    mutating func counts(of matcher: PodMatcher) -> [String: Int] {
        podCounts.byNode(matcher, nodes: nodes, namespaceLabels)
    }

    /// The counts of nodes, put together by the values of a label.
    func domains(_ counts: [String: Int], by key: String) -> [String: Int] {
        var domains: [String: Int] = [:]
        for (name, count) in counts {
            if let domain = nodes[name]?.labels[key] { domains[domain, default: 0] += count }
        }
        return domains
    }

    /// The best node for a Pod, or why there is none.
    ///
    /// - Parameter defaults: the spread constraints of a Pod that has none.
    mutating func choose(for pod: SchedulingPod, defaults: [SpreadConstraint]) -> Result<String, PlacementFailure> {
        let filter = NodeFilter(pod, in: &self)
        var failure = FitFailure()
        var feasible: [SchedulingNode] = []
        for node in declared {
            if let reason = filter.reason(against: node) { failure.add(reason) } else { feasible.append(node) }
        }
        guard let first = feasible.first else { return .failure(PlacementFailure(fit: failure)) }
        if feasible.count == 1 { return .success(first.name) }
        let scores = NodeScores(pod, feasible: feasible, defaults: defaults, in: &self).totals
        let best = scores.max() ?? 0
        let equals = scores.indices.filter { scores[$0] == best }
        turn &+= 1
        return .success(feasible[equals[turn % equals.count]].name)
    }
}

/// A Pod fits nowhere.
struct PlacementFailure: Error {
    let fit: FitFailure
}
