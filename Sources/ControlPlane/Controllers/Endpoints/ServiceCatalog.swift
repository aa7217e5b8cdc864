import KubeAPI
import Synchronization

/// The Services by what they select, and the Pods by their labels: a few hundred bytes for each.
final class ServiceCatalog: Sendable {
    private struct State {
        var services = ServiceIndex()
        var pods = PodIndex()
        var observers: [@Sendable ([ObjectName]) -> Void] = []
    }

    private let state = Mutex(State())

    init(_ context: ControllerContext) {
        context.feed.subscribe(.services) { [self] change in
            let observers = state.withLock { state in
                if change.isGone {
                    state.services.remove(change.name)
                } else {
                    state.services.set(change.name, selector: change.object.tree.map(at: "spec", "selector"))
                }
                return state.observers
            }
            for observer in observers { observer([change.name]) }
        }
        context.pods.observe { [self] old, new in note(old, new) }
    }

    private func note(_ old: PodRecord?, _ new: PodRecord?) {
        if let old, let new, old.hasSameEndpoint(as: new) { return }
        guard let name = new?.name ?? old?.name else { return }
        let (services, observers) = state.withLock { state in
            if let new {
                if old?.labels != new.labels || old?.nodeName != new.nodeName {
                    state.pods.set(name, labels: new.labels, nodeName: new.nodeName.isEmpty ? nil : new.nodeName)
                }
            } else {
                state.pods.remove(name)
            }
            var services = Set(new.map { state.services.services(selecting: $0.labels, in: name.namespace) } ?? [])
            if let old, old.labels != new?.labels {
                services.formUnion(state.services.services(selecting: old.labels, in: name.namespace))
            }
            return (Array(services), state.observers)
        }
        if services.isEmpty { return }
        for observer in observers { observer(services) }
    }

    /// Calls `observer` with the Services that a change concerns: their own, or one of a Pod that they select.
    func observe(_ observer: @escaping @Sendable ([ObjectName]) -> Void) {
        state.withLock { $0.observers.append(observer) }
    }

    /// The names of the Pods that have all of these labels, in order.
    func pods(matching selector: [String: String], in namespace: String) -> [ObjectName] {
        state.withLock { $0.pods.pods(matching: selector, in: namespace) }
    }

    /// The Services that select a Pod of a node.
    func services(onNode node: String) -> [ObjectName] {
        state.withLock { state in
            Array(
                Set(
                    state.pods.labels(ofPodsOn: node).flatMap {
                        state.services.services(selecting: $0.labels, in: $0.namespace)
                    }))
        }
    }

    /// The selectors of the Services that select such a Pod.
    func selectors(selecting labels: [String: String], in namespace: String) -> [[String: String]] {
        state.withLock { state in
            state.services.services(selecting: labels, in: namespace).compactMap { state.services.selector(of: $0) }
        }
    }
}

extension PodRecord {
    /// No endpoint is another one for the change.
    fileprivate func hasSameEndpoint(as other: PodRecord) -> Bool {
        uid == other.uid && labels == other.labels && nodeName == other.nodeName && addresses == other.addresses
            && isReady == other.isReady && isTerminal == other.isTerminal && (deleted == nil) == (other.deleted == nil)
            && hostname == other.hostname && subdomain == other.subdomain
    }
}
