import BenchReport
import FoundationEssentials
import KubeClient
import NIOSSL

/// Where an API server is and how a client says who it is.
struct APIEndpoint: Sendable {
    let host: String
    let port: Int
    let pathPrefix: String
    /// Nil for plain HTTP.
    let tls: NIOSSLContext?
    let authorization: String?

    /// From a kubeconfig, whose server `url` overrules; from `url` alone where there is no kubeconfig.
    ///
    /// - Throws: `KubeConfigError`, `BenchmarkError` where a credential is of a kind that is not used here, or NIOSSL's errors.
    init(kubeconfig: String, url: String = "") throws {
        let configuration = try KubeClientConfiguration.resolve(kubeconfig: kubeconfig, master: url)
        (host, port) = (configuration.server.host, configuration.server.port)
        pathPrefix = configuration.server.pathPrefix
        switch configuration.credentials {
        case .none: authorization = nil
        case .token(let token): authorization = token.text.map { "Bearer \($0)" }
        case .tokenFile(let path, _):
            let token = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            authorization = "Bearer \(token.filter { !$0.isWhitespace })"
        case .basic, .exec:
            throw BenchmarkError(description: "\(kubeconfig): only tokens and client certificates are used")
        }
        tls = configuration.server.usesTLS ? try Self.context(configuration.tls) : nil
    }

    private static func context(_ options: TLSOptions) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        if options.skipsVerification { tls.certificateVerification = .none }
        if let authority = try options.authority.map(bytes) {
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authority))
        }
        if let own = options.clientCertificate {
            tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(bytes(own.certificate)).map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: bytes(own.key), format: .pem))
        }
        return try NIOSSLContext(configuration: tls)
    }

    private static func bytes(_ source: PEMSource) throws -> [UInt8] {
        switch source {
        case .data(let secret): secret.bytes
        case .file(let path): [UInt8](try Data(contentsOf: URL(filePath: path)))
        }
    }

    /// For messages.
    var description: String { "\(tls == nil ? "http" : "https")://\(host):\(port)\(pathPrefix)" }
}
