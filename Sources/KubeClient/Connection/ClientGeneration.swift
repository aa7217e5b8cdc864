import AsyncHTTPClient
import NIOCore
import NIOSSL
import Net

/// An HTTP client with the certificates of one time. It is shut down when nobody uses it any more: each request keeps
/// the generation that it was made with until its answer has ended.
final class ClientGeneration: Sendable {
    let client: HTTPClient
    let material: TLSMaterial

    /// - Throws: `KubeConfigError` where the certificates cannot be used.
    init(
        _ configuration: KubeClientConfiguration, material: TLSMaterial, limits: ConnectionLimits,
        eventLoop: any EventLoop
    ) throws(KubeConfigError) {
        self.material = material
        let tls = try material.configuration(for: configuration.tls)
        var http = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(limits.connectTimeout)),
            connectionPool: .init(idleTimeout: TimeAmount(limits.idleConnectionTimeout)),
            decompression: configuration.disablesCompression ? .disabled : .enabled(limit: .none))
        // A connection for each watch: none of them waits for what another one's reader has not taken yet, and a list
        // is not held up by HTTP/2's small windows.
        http.httpVersion = .http1Only
        http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        // Whoever asks tries again, and wants to know of the failure.
        http.connectionPool.retryConnectionEstablishment = false
        if let proxy = configuration.proxy {
            let tunnel = ProxyTunnel(
                proxy: proxy, server: configuration.server,
                proxySecurity: try configuration.security(of: proxy, material),
                serverSecurity: try configuration.serverSecurity(tls),
                timeout: TimeAmount(limits.connectTimeout))
            http.http1_1ConnectionDebugInitializer = { ConnectionSetup.apply(to: $0, through: tunnel) }
        } else {
            if let name = configuration.nameToConnectAs { http.dnsOverride = [name: configuration.server.host] }
            let identity = configuration.identityToVerify
            http.http1_1ConnectionDebugInitializer = { ConnectionSetup.apply(to: $0, verifying: identity) }
        }
        client = HTTPClient(eventLoopGroupProvider: .shared(eventLoop), configuration: http)
    }

    deinit {
        let client = client
        // Fails where it is shut down already.
        Task { try? await client.shutdown() }
    }
}

extension KubeClientConfiguration {
    /// Whom the server's certificate has to be for; nil where it is not looked at.
    fileprivate var identityToVerify: ServerIdentity? {
        server.usesTLS && !tls.skipsVerification ? ServerIdentity(tls.serverName ?? server.host) : nil
    }

    /// What stands in a URL before the path, from which AsyncHTTPClient knows where to connect to, and whether with TLS. To a
    /// proxy it connects without: `ProxyTunnel` does the rest.
    var urlOrigin: String {
        if let proxy { return "http://\(proxy.authority)" }
        let host = nameToConnectAs.map { "\($0):\(server.port)" } ?? server.authority
        return "\(server.usesTLS ? "https" : "http")://\(host)"
    }

    /// Whether the URL has another host than the server's.
    var needsHostHeader: Bool { proxy != nil || nameToConnectAs != nil }

    /// The name that stands in the URL in place of the server's host, so that TLS asks for it.
    fileprivate var nameToConnectAs: String? {
        guard server.usesTLS, let name = tls.serverName, IPAddress(parsing: name) == nil, name != server.host else {
            return nil
        }
        return name
    }

    /// TLS to the proxy itself. As with client-go, the CA and the client certificate are those for the server, and what
    /// skips the one's verification skips the other's; but the system's CAs may vouch for the proxy, too.
    fileprivate func security(
        of proxy: ProxyServer, _ material: TLSMaterial
    ) throws(KubeConfigError) -> ProxyTunnel.Security? {
        guard proxy.scheme == .https else { return nil }
        let identity = ServerIdentity(proxy.host)
        return ProxyTunnel.Security(
            context: try Self.context(try material.proxyConfiguration(for: tls)), serverName: identity.serverName,
            identity: tls.skipsVerification ? nil : identity)
    }

    fileprivate func serverSecurity(_ configuration: TLSConfiguration) throws(KubeConfigError) -> ProxyTunnel.Security?
    {
        guard server.usesTLS else { return nil }
        return ProxyTunnel.Security(
            context: try Self.context(configuration),
            serverName: ServerIdentity(tls.serverName ?? server.host).serverName,
            identity: identityToVerify)
    }

    private static func context(_ configuration: TLSConfiguration) throws(KubeConfigError) -> NIOSSLContext {
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw KubeConfigError(problem: "TLS cannot be set up: \(error)")
        }
    }
}
