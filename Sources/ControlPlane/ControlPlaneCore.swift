import APIMachinery
import KubeAPI
import Logging
import ServiceLifecycle
import Storage

/// The control plane in this process: the registry over a store, controllers, scheduler and manifests.
///
/// Whoever wants the objects follows the registry, before or after `run()` has begun.
package final class ControlPlaneCore: ServiceLifecycle.Service {
    package let registry: Registry
    private let controllers: ControllerSet
    private let manifests: ManifestSource
    private let configuration: ControlPlaneConfiguration
    private let started = Gate()
    private let loaded = Gate()

    /// `changes` says that manifests may have changed.
    ///
    /// - Throws: `ConfigurationError`.
    package init(
        _ configuration: ControlPlaneConfiguration, store: any KeyValueStore, changes: AsyncStream<Void>,
        logger: Logger
    ) throws(ConfigurationError) {
        let allocator = try ClusterAllocator(
            serviceCIDRs: configuration.serviceCIDRs, nodePorts: configuration.nodePorts)
        // The authority comes with the server that signs tokens.
        registry = Registry(
            store: store, allocator: allocator, givesTokens: configuration.rootCertificate != nil)
        var parts = ControllerConfiguration(
            clusterCIDRs: configuration.clusterCIDRs, rootCertificate: configuration.rootCertificate,
            advertised: configuration.advertiseAddress.map { ($0, configuration.apiPort) })
        parts.serviceCIDRs = configuration.serviceCIDRs
        parts.nodePorts = configuration.nodePorts
        controllers = ControllerSet(client: registry, configuration: parts, logger: logger)
        manifests = ManifestSource(
            files: configuration.manifestFiles, directory: configuration.manifestDirectory,
            applier: ManifestApplier(registry), changes: changes, logger: logger)
        self.configuration = configuration
    }

    /// Returns when the registry may be written to: what the server of the API waits for.
    ///
    /// - Throws: `CancellationError`.
    package func serving() async throws { try await started.wait() }

    /// Returns when all manifests have been applied and all controllers have done what follows from what there was: what
    /// the proxy waits for before it touches the kernel.
    ///
    /// - Throws: `CancellationError`.
    package func synced() async throws { try await loaded.wait() }

    /// Whether that is so.
    package var isSynced: Bool { loaded.isOpen }

    /// Works until the task is cancelled or the process shuts down.
    ///
    /// - Throws: `Status` when the store cannot be read or written at the start.
    package func run() async throws {
        try await registry.start(apiPort: configuration.apiPort)
        started.open()
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup { group in
                group.addTask { try await self.controllers.run() }
                group.addTask { try await self.manifests.run() }
                do {
                    try await self.manifests.load()
                    try await self.addOwnNode()
                    try await self.controllers.settled()
                    self.loaded.open()
                } catch is CancellationError {}
                try await group.waitForAll()
            }
        }
    }

    private func addOwnNode() async throws(Status) {
        let name = configuration.nodeName
        guard !name.isEmpty, try await registry.find(.nodes, ObjectName(namespace: "", name: name)) == nil else {
            return
        }
        var node = Unstructured(.nodes, name: name)
        node.labels = ["kubernetes.io/hostname": name]
        do {
            _ = try await registry.create(node, in: .nodes)
        } catch {
            // A kubelet was quicker.
            if error.reason != "AlreadyExists" { throw error }
        }
    }
}
