import Dataplane
import KubeAPI
import Net

/// All that is known about one Service: the object, its slices, and what the data plane was last told of it.
///
/// It is there as long as any of the three is.
struct ServiceEntry: Sendable {
    struct Published: Sendable {
        let name: ServicePortName
        var value: ServicePort
    }

    let key: ObjectName
    /// Nil before the Service has come, after it has gone, and when it is none of ours.
    var service: ParsedService?
    /// In the order in which they came: the result must not depend on it.
    var slices: [ParsedEndpointSlice] = []
    /// In the order of the Service's ports.
    var published: [Published] = []
    /// The entry is in the model's list of what has to be looked at.
    var isDirty = false

    init(key: ObjectName) { self.key = key }

    mutating func add(_ slice: ParsedEndpointSlice) {
        // Nearly all Services have one slice: no memory is kept for a second one.
        if slices.isEmpty { slices = [slice] } else { slices.append(slice) }
    }

    /// How many different addresses of ready endpoints there are on this node.
    var localReadyAddressCount: Int {
        var states: [IPAddress: EndpointState] = [:]
        for slice in slices where !slice.ports.isEmpty {
            for endpoint in slice.endpoints {
                states[endpoint.address] = min(states[endpoint.address] ?? endpoint.state, endpoint.state)
            }
        }
        return states.values.count { $0.isReady && $0.isHere }
    }

    var isEmpty: Bool { service == nil && slices.isEmpty && published.isEmpty }
}

/// A port of a Service by its place: in the model's entries, and in `ParsedService.ports`.
struct PortReference: Hashable, Sendable {
    let entry: Int32
    let port: Int32
}
