import KubeAPI

/// What the proxy is told of the cluster.
///
/// Events about different objects may come in any order: a slice before its Service, a Service before the one whose
/// ClusterIP it takes over has gone. Of events about one object the last one counts.
package enum ProxyEvent: Sendable {
    /// A kind of object that the proxy watches.
    package enum Kind: Hashable, Sendable {
        case service
        case endpointSlice
        case node
        case serviceCIDR
    }

    case service(WatchEvent<Service>)
    case endpointSlice(WatchEvent<EndpointSlice>)
    case node(WatchEvent<Node>)
    case serviceCIDR(WatchEvent<ServiceCIDR>)
    /// An object has gone, of which nothing but the name is known.
    case gone(Kind, ObjectName)
    /// The list of a kind has been delivered. Nothing is programmed before Services and EndpointSlices both are.
    case synced(Kind)
    /// A new list: these are all Services there are. Includes `synced`.
    case replaceServices([Service])
    /// A new list: these are all EndpointSlices there are. Includes `synced`.
    case replaceEndpointSlices([EndpointSlice])
    /// A new list: these are all Nodes there are. Includes `synced`.
    case replaceNodes([Node])
    /// A new list: these are all ServiceCIDRs there are. Includes `synced`.
    case replaceServiceCIDRs([ServiceCIDR])
}

extension WatchEvent {
    /// The object as it is now; nil when it is gone.
    var current: Object? { isDeletion ? nil : object }

    var isDeletion: Bool {
        if case .deleted = self { return true }
        return false
    }
}
