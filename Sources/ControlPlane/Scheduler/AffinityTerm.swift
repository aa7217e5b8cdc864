import KubeAPI

/// A term of a Pod's affinity or anti-affinity to other Pods (core/v1 `PodAffinityTerm`).
struct AffinityTerm: Sendable, Hashable {
    let topologyKey: String
    let matcher: PodMatcher

    init(_ tree: JSONValue, namespace: String) {
        topologyKey = tree.text(at: "topologyKey")
        let names = tree.texts(at: "namespaces")
        let selector = tree["namespaceSelector"].flatMap { $0.isNull ? nil : $0 }
        matcher = PodMatcher(
            namespaces: names.isEmpty && selector == nil ? [namespace] : Set(names),
            namespaceSelector: selector.map { Selector($0, matchesAllIfEmpty: true) },
            selectors: [Selector(tree["labelSelector"], matchesAllIfEmpty: true)])
    }
}

/// A term with its weight in the score; negative for anti-affinity.
struct WeightedTerm: Sendable, Hashable {
    let term: AffinityTerm
    let weight: Int
}

/// Which Pods are meant: those of some namespaces that all of the selectors match.
struct PodMatcher: Sendable, Hashable {
    var namespaces: Set<String>
    var namespaceSelector: Selector?
    var selectors: [Selector]
    /// Whether Pods that are being deleted count.
    var countsTerminating = true

    /// - Parameter namespaceLabels: the labels of every namespace.
    func matches(_ pod: SchedulingPod, _ namespaceLabels: [String: [String: String]]) -> Bool {
        if !countsTerminating, pod.isTerminating { return false }
        guard selectors.allSatisfy({ $0.matches(pod.labels) }) else { return false }
        if namespaces.contains(pod.name.namespace) { return true }
        guard let namespaceSelector else { return false }
        return namespaceSelector.matches(namespaceLabels[pod.name.namespace] ?? [:])
    }

    /// The Pods that both mean; nil where the namespaces are not the same.
    func narrowed(by other: PodMatcher) -> PodMatcher? {
        guard namespaces == other.namespaces, namespaceSelector == other.namespaceSelector else { return nil }
        var matcher = self
        matcher.selectors += other.selectors
        return matcher
    }
}

/// How a Pod is to be spread (core/v1 `TopologySpreadConstraint`).
struct SpreadConstraint: Sendable {
    let topologyKey: String
    let maxSkew: Int
    let minDomains: Int
    let isRequired: Bool
    let honorsAffinity: Bool
    let honorsTaints: Bool
    let matcher: PodMatcher

    init(_ tree: JSONValue, namespace: String, labels: [String: String]) {
        topologyKey = tree.text(at: "topologyKey")
        maxSkew = tree.int(at: "maxSkew") ?? 1
        minDomains = tree.int(at: "minDomains") ?? 1
        isRequired = tree.text(at: "whenUnsatisfiable") != "ScheduleAnyway"
        honorsAffinity = tree.text(at: "nodeAffinityPolicy") != "Ignore"
        honorsTaints = tree.text(at: "nodeTaintsPolicy") == "Honor"
        var own: [String: String] = [:]
        for key in tree.texts(at: "matchLabelKeys") { own[key] = labels[key] }
        var selectors = [Selector(tree["labelSelector"], matchesAllIfEmpty: true)]
        if !own.isEmpty { selectors.append(Selector(labels: own)) }
        matcher = PodMatcher(namespaces: [namespace], selectors: selectors, countsTerminating: false)
    }

    /// One of the constraints of a Pod that has none of its own (podtopologyspread/plugin.go).
    private init(topologyKey: String, maxSkew: Int, matcher: PodMatcher) {
        self.topologyKey = topologyKey
        self.maxSkew = maxSkew
        self.matcher = matcher
        minDomains = 1
        isRequired = false
        honorsAffinity = true
        honorsTaints = false
    }

    static let hostname = "kubernetes.io/hostname"

    /// By node and by zone, of the Pods that the Pod's controller and its Services select.
    static func defaults(namespace: String, selectors: [Selector]) -> [SpreadConstraint] {
        if selectors.isEmpty { return [] }
        let matcher = PodMatcher(namespaces: [namespace], selectors: selectors, countsTerminating: false)
        return [
            SpreadConstraint(topologyKey: hostname, maxSkew: 3, matcher: matcher),
            SpreadConstraint(topologyKey: "topology.kubernetes.io/zone", maxSkew: 5, matcher: matcher),
        ]
    }
}
