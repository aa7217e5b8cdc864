import KubeAPI
import Logging
import ServiceLifecycle

/// The control plane of the daemon: store, allocator, EndpointSlice controller and manifests, in this process.
///
/// Whoever wants the objects watches `store`, before or after `run()` has begun.
package final class ControlPlaneCore: ServiceLifecycle.Service {
    package let store: MemoryStore
    package let allocator: ServiceAllocator
    package let applier: ObjectApplier
    private let controller: EndpointSliceController
    private let manifests: ManifestSource
    private let nodeName: String
    private let loaded = Gate()

    /// `changes` says that manifests may have changed.
    ///
    /// - Throws: `ConfigurationError`.
    package init(
        _ configuration: ControlPlaneConfiguration, changes: AsyncStream<Void>, logger: Logger
    ) throws(ConfigurationError) {
        store = MemoryStore()
        allocator = try ServiceAllocator(
            serviceCIDRs: configuration.serviceCIDRs, nodePorts: configuration.nodePorts)
        applier = ObjectApplier(store: store, allocator: allocator)
        controller = EndpointSliceController(store: store, logger: logger)
        manifests = ManifestSource(
            files: configuration.manifestFiles, directory: configuration.manifestDirectory, applier: applier,
            changes: changes, logger: logger)
        nodeName = configuration.nodeName
    }

    /// Returns when all manifests have been applied and all slices computed for the first time: what the proxy waits
    /// for before it touches the kernel.
    ///
    /// - Throws: `CancellationError`.
    package func synced() async throws { try await loaded.wait() }

    /// Whether that is so.
    package var isSynced: Bool { loaded.isOpen }

    /// Works until the task is cancelled or the process shuts down.
    ///
    /// - Throws: `StoreError` when the store cannot be watched.
    package func run() async throws {
        let registrations = try await [allocator.follow(store)] + controller.follow()
        defer { for registration in registrations { registration.cancel() } }
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup { group in
                group.addTask { try await self.controller.work() }
                group.addTask { try await self.manifests.run() }
                do {
                    try await self.manifests.load()
                    try await self.addOwnNode()
                    try await self.controller.settled()
                    self.loaded.open()
                } catch is CancellationError {}
                try await group.waitForAll()
            }
        }
    }

    private func addOwnNode() async throws(Status) {
        let nodes = ObjectStore<Node>(store)
        guard !nodeName.isEmpty, try await nodes.find(name: nodeName) == nil else { return }
        let metadata = ObjectMeta(name: nodeName, labels: ["kubernetes.io/hostname": nodeName])
        _ = try await applier.apply(Node(metadata: metadata))
    }
}
