import ControlPlane
import KubeAPI
import Proxy

/// The core's store in this process: it hands its objects over as they are.
struct CoreSource: ObjectSource {
    let core: ControlPlaneCore

    func feed(_ proxy: ServiceProxy) async throws {
        // Rules of an earlier daemon go on as they are until everything is known that they must become.
        try await core.synced()
        let registrations = [
            try await core.store.watch(Service.self) { proxy.submit(.service($0)) },
            try await core.store.watch(EndpointSlice.self) { proxy.submit(.endpointSlice($0)) },
            try await core.store.watch(Node.self) { proxy.submit(.node($0)) },
            try await core.store.watch(ServiceCIDR.self) { proxy.submit(.serviceCIDR($0)) },
        ]
        defer { for registration in registrations { registration.cancel() } }
        for kind in [ProxyEvent.Kind.node, .service, .endpointSlice] { proxy.submit(.synced(kind)) }
        try await Task.sleep(for: .seconds(Int64.max / 4))
    }
}
