import ControlPlane
import DurableStorage
import KubeAPI
import Logging
import Net
import Netlink
import ServiceLifecycle
import Storage

/// The control plane with what it serves and where it keeps its objects: what `up` and `control-plane` have in common.
struct ControlPlaneProcess {
    let core: ControlPlaneCore
    /// To be run until the end, the first first.
    let services: [any ServiceLifecycle.Service]
    private let store: EmbeddedStore

    /// Opens the store, and makes keys and certificates where they lack.
    ///
    /// - Parameters:
    ///   - name: this node's, for the serving certificate.
    ///   - nodeAddresses: what clients may call the API by, beside.
    /// - Throws: `StorageError`, `PKIError`, `ConfigurationError`, and where manifests cannot be watched.
    init(
        _ configuration: ControlPlaneConfiguration, data: DataOptions, api: APIOptions, name: String,
        nodeAddresses: [IPAddress] = [], logger: Logger
    ) throws {
        store = data.inMemory ? EmbeddedStore() : try EmbeddedStore.open(path: data.storePath)
        var configuration = configuration
        var contents: PKIDirectory.Contents?
        if let listen = api.secure.listen {
            if listen.port != 0 { configuration.apiPort = listen.port }
            configuration.advertiseAddress = api.advertised
            let made = try PKIDirectory(path: data.pkiPath).prepare(
                .apiServer(
                    nodeName: name,
                    addresses: configuration.kubernetesAddresses + nodeAddresses + [listen.address]
                        + (api.advertiseAddress.map { [$0] } ?? []),
                    extraNames: api.names))
            for change in made.changes { logger.notice("\(change)") }
            configuration.rootCertificate = try made.authority.certificatePEM()
            contents = made
        }
        core = try ControlPlaneCore(
            configuration, store: store, changes: try ManifestNotices.follow(configuration.manifestDirectory),
            logger: logger)
        var services: [any ServiceLifecycle.Service] = [core]
        let metrics = APIMetrics(core.registry)
        if let listen = api.secure.listen, let contents {
            let server = try Self.secureServer(listen, contents, core, api, metrics, logger)
            services.append(APIService(server: server, core: core))
            services.append(
                KubeconfigService(
                    server: server, address: listen.address, contents: contents,
                    path: api.kubeconfigOut ?? "\(data.dataDir)/admin.conf", logger: logger))
        }
        if let plain = api.plain {
            var configuration = APIServerConfiguration(address: plain.address, port: plain.port)
            configuration.metrics = metrics
            let server = Self.server(configuration, core, logger)
            services.append(APIService(server: server, core: core))
        }
        self.services = services
    }

    /// Ends the store, when all services have ended.
    func close() async throws { try await store.close() }

    private static func secureServer(
        _ listen: APIAddress, _ contents: PKIDirectory.Contents, _ core: ControlPlaneCore, _ api: APIOptions,
        _ metrics: APIMetrics, _ logger: Logger
    ) throws -> APIServer {
        let registry = core.registry
        let tokens = ServiceAccountTokens(key: contents.serviceAccounts) { resource, name, uid in
            (try? await registry.get(resource, name))?.uid == uid
        }
        var configuration = APIServerConfiguration(address: listen.address, port: listen.port)
        configuration.tls = try ServingTLS.configuration(
            server: contents.server, clientAuthority: contents.authority)
        configuration.metrics = metrics
        configuration.security = APISecurity(
            Authenticator(
                serviceAccounts: tokens, tokens: try api.tokenAuthFile.map { path in try StaticTokens(path: path) }))
        configuration.tokens = tokens
        return server(configuration, core, logger)
    }

    private static func server(
        _ configuration: APIServerConfiguration, _ core: ControlPlaneCore, _ logger: Logger
    ) -> APIServer {
        var configuration = configuration
        // Files of the store, of manifests and of a proxy in this process are beside the connections.
        configuration.maximumConnections = min(configuration.maximumConnections, max(OpenFiles.raiseLimit() - 512, 64))
        return APIServer(core.registry, configuration, logger: logger) { core.isSynced }
    }
}

/// The API's server, from when the registry may be written to.
private struct APIService: ServiceLifecycle.Service {
    let server: APIServer
    let core: ControlPlaneCore

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await core.serving() }
        } catch is CancellationError {
            return
        }
        try await server.run()
    }
}

/// Writes the administrator's kubeconfig once the API is served.
private struct KubeconfigService: ServiceLifecycle.Service {
    let server: APIServer
    let address: IPAddress
    let contents: PKIDirectory.Contents
    let path: String
    let logger: Logger

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                let listen = APIAddress(address: callableAddress, port: try await server.port())
                try AdminKubeconfig(server: "https://\(listen)", contents: contents).write(to: path)
                logger.notice("the administrator's kubeconfig is \(path)")
            }
            try await gracefulShutdown()
        } catch is CancellationError {
            // The way in which a service ends.
        }
    }

    /// Nobody calls a server by 0.0.0.0.
    private var callableAddress: IPAddress {
        guard address.isUnspecified else { return address }
        return address.family == .ipv4 ? IPAddress(v4: 0x7F00_0001) : IPAddress(v6: 0, 1)
    }
}
