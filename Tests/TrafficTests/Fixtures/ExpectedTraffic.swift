import KubeAPI
import Net
import TestSupport

/// What a connection should come to, from the objects alone: statements 1 to 33 as a function, written apart from the proxy,
/// for a node whose pods are known by their network.
struct ExpectedTraffic {
    enum Result: Equatable {
        /// One of these, with the client's own address where true.
        case answered(by: Set<String>, ownAddress: Bool)
        case refused
        case dropped
    }

    let pods: [LabPod]
    let lab: Lab

    /// - Parameter kind: of `ServiceFixture.Frontend`.
    func result(
        of service: ServiceFixture, _ frontend: ServiceFixture.Frontend, from place: TrafficLab.Place,
        _ address: IPAddress
    ) -> Result {
        let family = address.family
        if frontend.kind == "load balancer", !isAllowed(address, by: service) { return .dropped }
        let all = usable(service.backends)
        let local = usable(service.backends.filter { $0.nodeName == lab.node.name })
        if all.isEmpty { return .refused }
        if frontend.kind == "ClusterIP" {
            let chosen = service.internalPolicy == .local ? local : all
            return chosen.isEmpty ? .dropped : answer(chosen, place, family, ownAddress: place == .pod)
        }
        guard service.externalPolicy == .local else { return answer(all, place, family, ownAddress: false) }
        switch place {
        case .pod: return answer(all, place, family, ownAddress: true)
        case .node: return answer(all, place, family, ownAddress: false)
        default: return local.isEmpty ? .dropped : answer(local, place, family, ownAddress: true)
        }
    }

    private func answer(
        _ backends: [ServiceFixture.Backend], _ place: TrafficLab.Place, _ family: IPFamily, ownAddress: Bool
    ) -> Result {
        let names = backends.compactMap { backend in pods.first { $0.address == backend.address }?.name }
        return .answered(by: Set(names), ownAddress: ownAddress)
    }

    /// The ready ones, or where there are none those that terminate and serve.
    private func usable(_ backends: [ServiceFixture.Backend]) -> [ServiceFixture.Backend] {
        let ready = backends.filter { $0.conditions.ready ?? true }
        if !ready.isEmpty { return ready }
        return backends.filter { ($0.conditions.terminating ?? false) && ($0.conditions.serving ?? true) }
    }

    private func isAllowed(_ address: IPAddress, by service: ServiceFixture) -> Bool {
        let ranges = service.sourceRanges.compactMap { try? IPPrefix($0) }.filter {
            $0.address.family == address.family
        }
        return ranges.isEmpty || ranges.contains { $0.length == 0 || $0.contains(address) }
    }
}
