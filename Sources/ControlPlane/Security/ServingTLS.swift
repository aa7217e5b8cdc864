import NIOSSL

/// TLS as the API is served with it: a client may show a certificate, which then must be the authority's and for clients.
package enum ServingTLS {
    /// - Throws: what is no certificate or key for NIOSSL.
    package static func configuration(
        server: KeyedCertificate, clientAuthority: CertificateAuthority
    ) throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(try server.certificatePEM().utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(try server.keyPEM().utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .optionalVerification
        configuration.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(try clientAuthority.pair.certificatePEM().utf8)))
        // So that a client with several certificates knows which to show.
        configuration.sendCANameList = true
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }
}
