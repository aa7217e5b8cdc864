import AsyncHTTPClient
import NIOCore
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
        let address = configuration.addressToVerify
        var http = HTTPClient.Configuration(
            tlsConfiguration: try material.configuration(for: configuration.tls, verifiesAddress: address != nil),
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(limits.connectTimeout)),
            connectionPool: .init(idleTimeout: TimeAmount(limits.idleConnectionTimeout)),
            proxy: configuration.proxy.map(HTTPClient.Configuration.Proxy.init),
            decompression: configuration.disablesCompression ? .disabled : .enabled(limit: .none))
        // A connection for each watch: none of them waits for what another one's reader has not taken yet, and a list
        // is not held up by HTTP/2's small windows.
        http.httpVersion = .http1Only
        http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        // Whoever asks tries again, and wants to know of the failure.
        http.connectionPool.retryConnectionEstablishment = false
        if let name = configuration.nameToConnectAs { http.dnsOverride = [name: configuration.server.host] }
        http.http1_1ConnectionDebugInitializer = { channel in
            ConnectionSetup.apply(to: channel, verifying: address)
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
    /// The address that the server's certificate has to be for, where that is not the one that the socket is connected
    /// to: NIOSSL would compare that one.
    fileprivate var addressToVerify: IPAddress? {
        guard server.usesTLS, !tls.skipsVerification else { return nil }
        if let name = tls.serverName { return IPAddress(parsing: name) }
        return proxy == nil ? nil : server.address
    }

    /// The name that stands in the URL in place of the server's host, so that TLS asks for it.
    var nameToConnectAs: String? {
        guard server.usesTLS, let name = tls.serverName, IPAddress(parsing: name) == nil, name != server.host else {
            return nil
        }
        return name
    }
}

extension HTTPClient.Configuration.Proxy {
    fileprivate init(_ proxy: ProxyServer) {
        switch proxy {
        case .http(let host, let port, let login):
            let authorization = login.map {
                HTTPClient.Authorization.basic(username: $0.username, password: $0.password.text ?? "")
            }
            self = .server(host: host, port: port, authorization: authorization)
        case .socks5(let host, let port): self = .socksServer(host: host, port: port)
        }
    }
}
