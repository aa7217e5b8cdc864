import Dataplane
import KubeAPI
import Net

/// A change of an EndpointSlice whose way into the kernel is measured.
struct PendingTrigger: Hashable, Sendable {
    /// Of the Service among the model's entries.
    let place: Int
    let family: IPFamily
    let time: Timestamp
}

/// When the endpoints changed that the kernel has not acknowledged yet (k8s.io/kubernetes
/// pkg/proxy/endpointschangetracker.go).
extension ProxyModel {
    /// What changed before the tracker's start is not measured: it waited for this proxy to be started.
    mutating func noteTriggers(of slice: ParsedEndpointSlice, after known: Timestamp?, at place: Int) {
        guard !slice.triggers.isEmpty else { return }
        for time in slice.triggers.times(besides: known) where time > trackerStart {
            pendingTriggers.append(PendingTrigger(place: place, family: slice.family, time: time))
        }
    }

    /// With one of its slices gone the times of a Service say when that was not yet so.
    mutating func forgetTriggers(ofSlice name: String, at place: Int) {
        guard !pendingTriggers.isEmpty,
            let family = entries[place].slices.first(where: { $0.name == name })?.family
        else { return }
        pendingTriggers.removeAll { $0.place == place && $0.family == family }
    }

    /// What the kernel refused of a Service was not programmed.
    mutating func forgetTriggers(of name: ServicePortName) {
        guard !pendingTriggers.isEmpty,
            let place = place(of: ObjectName(namespace: name.namespace, name: name.service))
        else { return }
        pendingTriggers.removeAll { $0.place == place && $0.family == name.family }
    }

    /// All that has been applied by now is in the kernel.
    mutating func takeTriggers() -> [PendingTrigger] {
        guard !pendingTriggers.isEmpty else { return [] }
        defer { pendingTriggers = [] }
        return pendingTriggers
    }
}
