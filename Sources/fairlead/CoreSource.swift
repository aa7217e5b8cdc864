import ControlPlane
import KubeAPI
import Logging
import Proxy
import Storage

/// The core's store in this process: its objects are read from the bytes that are stored.
struct CoreSource: ObjectSource {
    let core: ControlPlaneCore
    let logger: Logger
    /// Is told of Node objects.
    var podCIDRs: PodCIDRWriter?

    func feed(_ proxy: ServiceProxy) async throws {
        // Rules of an earlier daemon go on as they are until everything is known that they must become.
        try await core.synced()
        let registrations = [
            try await follow(.service, proxy) { ProxyEvent.service(.modified($0)) },
            try await follow(.endpointSlice, proxy) { ProxyEvent.endpointSlice(.modified($0)) },
            try await follow(.node, proxy) { [podCIDRs] (node: Node) in
                podCIDRs?.heard(node)
                return ProxyEvent.node(.modified(node))
            },
            try await follow(.serviceCIDR, proxy) { ProxyEvent.serviceCIDR(.modified($0)) },
        ]
        defer { for registration in registrations { registration.cancel() } }
        for kind in [ProxyEvent.Kind.node, .service, .endpointSlice] { proxy.submit(.synced(kind)) }
        try await Task.sleep(for: .seconds(Int64.max / 4))
    }

    private func follow<Object: WireObject>(
        _ kind: ProxyEvent.Kind, _ proxy: ServiceProxy, _ event: @escaping @Sendable (Object) -> ProxyEvent
    ) async throws -> Storage.WatchRegistration {
        let logger = logger
        return try await core.registry.store.follow(Object.self) { change in
            switch change {
            case .applied(let object): proxy.submit(event(object))
            case .deleted(let name): proxy.submit(.gone(kind, name))
            case .unreadable(let object):
                logger.error("the stored \(object) cannot be read: Services are as they were before it")
            }
        }
    }
}
