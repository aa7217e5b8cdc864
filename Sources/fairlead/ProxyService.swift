import ControlPlane
import Dataplane
import KubeAPI
import Logging
import Proxy
import ServiceLifecycle

/// Runs the proxy on what the core's store holds, in this process: the store hands its objects over as they are.
struct ProxyService: ServiceLifecycle.Service {
    let core: ControlPlaneCore
    let proxy: ServiceProxy
    let sync: SyncThread
    let logger: Logger
    /// Called once, when all that was known at the start is in the kernel.
    let whenReady: @Sendable () async -> Void

    /// Works until the process shuts down; the rules stay.
    func run() async throws {
        defer { sync.stop() }
        do {
            try await cancelWhenGracefulShutdown { try await follow() }
        } catch is CancellationError {
            // The way in which a service ends.
        }
    }

    /// Feeds the proxy until the task is cancelled.
    ///
    /// - Throws: `CancellationError`, `StoreError`.
    private func follow() async throws {
        // Rules of an earlier daemon go on as they are until everything is known that they must become.
        try await core.synced()
        let proxy = self.proxy
        let registrations = [
            try await core.store.watch(KubeAPI.Service.self) { proxy.submit(.service($0)) },
            try await core.store.watch(EndpointSlice.self) { proxy.submit(.endpointSlice($0)) },
            try await core.store.watch(Node.self) { proxy.submit(.node($0)) },
            try await core.store.watch(ServiceCIDR.self) { proxy.submit(.serviceCIDR($0)) },
        ]
        defer { for registration in registrations { registration.cancel() } }
        for kind in [ProxyEvent.Kind.node, .service, .endpointSlice] { proxy.submit(.synced(kind)) }
        await sync.settled()
        // The sync thread's end settles it, too.
        try Task.checkCancellation()
        logger.notice("ready")
        await whenReady()
        try await Task.sleep(for: .seconds(Int64.max / 4))
    }
}
