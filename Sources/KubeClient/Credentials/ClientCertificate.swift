/// A certificate that tells the server who the client is, and its key.
package struct ClientCertificate: Sendable, Hashable {
    /// The certificate and what leads from it to the CA.
    package var certificate: PEMSource
    package var key: PEMSource

    package init(certificate: PEMSource, key: PEMSource) {
        self.certificate = certificate
        self.key = key
    }
}
