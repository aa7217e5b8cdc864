import X509

/// A certificate with its private key, which no description shows.
package struct KeyedCertificate: Sendable, CustomStringConvertible, CustomReflectable {
    let certificate: Certificate
    let key: Certificate.PrivateKey

    /// - Throws: what cannot be written as PEM.
    package func certificatePEM() throws -> String { try certificate.serializeAsPEM().pemString + "\n" }

    /// PKCS #8.
    package func keyPEM() throws -> String { try key.serializeAsPEM().pemString + "\n" }

    package var description: String { "certificate of \(certificate.subject)" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Whether the key belongs to the certificate.
    var isWhole: Bool { key.publicKey == certificate.publicKey }
}
