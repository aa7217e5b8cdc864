import Crypto
import FoundationEssentials
import X509

/// A cluster's certificate authority: what it signs is a server that clients trust, or a client that the server trusts.
package struct CertificateAuthority: Sendable {
    /// How long what is made here is valid, as kubeadm has it.
    enum Lifetime {
        static let authorityDays = 3650
        static let certificateDays = 365
        /// A certificate that ends earlier than that is replaced at a start.
        static let renewalDays = 90
    }

    let pair: KeyedCertificate

    init(_ pair: KeyedCertificate) { self.pair = pair }

    /// A new one, signed by itself.
    static func make(_ key: Certificate.PrivateKey, now: Date) throws -> CertificateAuthority {
        let name = try DistinguishedName { CommonName("kubernetes") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: now.minusClockSkew, notValidAfter: now.adding(days: Lifetime.authorityDays),
            issuer: name, subject: name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(digitalSignature: true, keyEncipherment: true, keyCertSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key)
        return CertificateAuthority(KeyedCertificate(certificate: certificate, key: key))
    }

    /// A certificate with a key of its own.
    func issue(_ profile: CertificateProfile, now: Date) throws -> KeyedCertificate {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let authority = SubjectKeyIdentifier(hash: pair.certificate.publicKey)
        let keyIdentifier = (try? pair.certificate.extensions.subjectKeyIdentifier).flatMap { $0 } ?? authority
        let names = profile.alternativeNames
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: now.minusClockSkew,
            notValidAfter: min(now.adding(days: Lifetime.certificateDays), pair.certificate.notValidAfter),
            issuer: pair.certificate.subject, subject: try profile.subject(),
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true, keyEncipherment: true))
                try ExtendedKeyUsage([profile.use == .server ? .serverAuth : .clientAuth])
                AuthorityKeyIdentifier(keyIdentifier: keyIdentifier.keyIdentifier)
                if !names.isEmpty { SubjectAlternativeNames(names) }
            },
            issuerPrivateKey: pair.key)
        return KeyedCertificate(certificate: certificate, key: key)
    }

    /// Why a certificate is to be replaced; nil where it serves on.
    func replacementCause(of held: KeyedCertificate, for profile: CertificateProfile, now: Date) -> String? {
        if !held.isWhole { return "its key is another one's" }
        if !pair.certificate.publicKey.isValidSignature(held.certificate.signature, for: held.certificate) {
            return "it is signed by another authority"
        }
        // One that the authority's own end cuts short would be no different anew.
        let end = min(now.adding(days: Lifetime.renewalDays), pair.certificate.notValidAfter)
        if held.certificate.notValidAfter < end { return "it ends soon" }
        return profile.isMet(by: held.certificate) ? nil : "it lacks a name"
    }
}

extension Date {
    /// Other machines' clocks may be behind.
    fileprivate var minusClockSkew: Date { addingTimeInterval(-300) }

    func adding(days: Int) -> Date { addingTimeInterval(Double(days) * 86_400) }
}
