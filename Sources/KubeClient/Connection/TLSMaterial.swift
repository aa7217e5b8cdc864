import NIOSSL

/// The certificates and the key of a configuration as their files have them at one time.
struct TLSMaterial: Sendable, Equatable {
    private let authority: [UInt8]?
    private let certificate: [UInt8]?
    private let key: Secret?

    /// Reads the files.
    ///
    /// - Parameter credentials: those of a plugin may hold a client certificate.
    /// - Throws: `KubeConfigError`.
    init(_ options: TLSOptions, credentials: Credentials) throws(KubeConfigError) {
        authority = try Self.read(options.authority, "certificate-authority")
        if let plugin = credentials.certificate {
            certificate = plugin.bytes
            key = credentials.key
        } else {
            certificate = try Self.read(options.clientCertificate?.certificate, "client-certificate")
            key = try Self.read(options.clientCertificate?.key, "client-key").map(Secret.init(bytes:))
        }
    }

    private static func read(_ source: PEMSource?, _ field: String) throws(KubeConfigError) -> [UInt8]? {
        do {
            return try source?.read()
        } catch {
            throw KubeConfigError(field: field, problem: "\(error)")
        }
    }

    /// What NIOSSL is to do. It verifies that the CAs vouch for a certificate; whom that is for is the caller's to look at.
    ///
    /// - Throws: `KubeConfigError` where something is no PEM, or the key is not the certificate's.
    func configuration(
        for options: TLSOptions
    ) throws(KubeConfigError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = options.skipsVerification ? .none : .noHostnameVerification
        if let authority {
            let name = options.authority?.name
            configuration.trustRoots = .certificates(
                try Self.certificates(authority, "certificate-authority", of: name))
        }
        if let certificate, let key {
            let source = options.clientCertificate
            configuration.certificateChain = try Self.certificates(
                certificate, "client-certificate", of: source?.certificate.name
            ).map { .certificate($0) }
            do {
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key.bytes, format: .pem))
            } catch {
                let name = source?.key.name ?? "the plugin's"
                throw KubeConfigError(field: "client-key", problem: "\(name): no private key in PEM")
            }
        }
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw KubeConfigError(field: "client-key", problem: "is not the key of the client-certificate")
        }
        return configuration
    }

    /// As `configuration(for:)`, for a proxy: the system's CAs are trusted beside the configured one.
    ///
    /// - Throws: `KubeConfigError`, as there.
    func proxyConfiguration(for options: TLSOptions) throws(KubeConfigError) -> TLSConfiguration {
        var configuration = try configuration(for: options)
        if case .certificates(let certificates)? = configuration.trustRoots {
            configuration.trustRoots = .default
            configuration.additionalTrustRoots = [.certificates(certificates)]
        }
        return configuration
    }

    private static func certificates(
        _ bytes: [UInt8], _ field: String, of name: String?
    ) throws(KubeConfigError) -> [NIOSSLCertificate] {
        let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes)
        guard let certificates, !certificates.isEmpty else {
            throw KubeConfigError(field: field, problem: "\(name ?? "the plugin's"): no certificate in PEM")
        }
        return certificates
    }
}
