/// Which of a service port's endpoints get new connections under each policy, and which only keep those they have
/// (k8s.io/kubernetes pkg/proxy/topology.go, `CategorizeEndpoints`).
struct EndpointSelection: Sendable {
    /// Which ready endpoints policy `cluster` prefers.
    private enum Preference {
        case none
        case sameNode
        case sameZone
    }

    private let hasReady: Bool
    private let hasReadyHere: Bool
    private let preference: Preference
    /// There is a policy `local` on the port.
    private let usesLocal: Bool

    init(_ candidates: [EndpointCandidate], usesLocal: Bool) {
        var hasReady = false
        var hasReadyHere = false
        var (allHaveNodeHints, isForThisNode) = (true, false)
        var (allHaveZoneHints, isForThisZone) = (true, false)
        for state in candidates.lazy.map(\.state) where state.isReady {
            hasReady = true
            if state.isHere { hasReadyHere = true }
            if !state.hasNodeHints { allHaveNodeHints = false }
            if state.isForThisNode { isForThisNode = true }
            if !state.hasZoneHints { allHaveZoneHints = false }
            if state.isForThisZone { isForThisZone = true }
        }
        self.hasReady = hasReady
        self.hasReadyHere = hasReadyHere
        self.usesLocal = usesLocal
        // A hint that is missing on one ready endpoint means that hints are not, or no longer, kept for all.
        if allHaveNodeHints, isForThisNode {
            preference = .sameNode
        } else if allHaveZoneHints, isForThisZone {
            preference = .sameZone
        } else {
            preference = .none
        }
    }

    /// Policy `cluster` uses the endpoint.
    func isInCluster(_ state: EndpointState) -> Bool {
        guard hasReady else { return state.isServingTerminating }
        guard state.isReady else { return false }
        return switch preference {
        case .none: true
        case .sameNode: state.isForThisNode
        case .sameZone: state.isForThisZone
        }
    }

    /// Policy `local` uses the endpoint: decided without a look at other nodes, and at hints.
    func isInLocal(_ state: EndpointState) -> Bool {
        guard usesLocal, state.isHere else { return false }
        return hasReadyHere ? state.isReady : state.isServingTerminating
    }

    /// The endpoint is in neither list and still answers.
    func isRetained(_ state: EndpointState) -> Bool {
        (state.isServing || state.isReady) && !isInCluster(state) && !isInLocal(state)
    }
}
