import Crypto
import FoundationEssentials
import Netlink
import X509

/// The files of keys and certificates, named as kubeadm names them: what is there is used, what lacks is made, and what
/// ends soon is replaced. Keys are for their owner alone.
package struct PKIDirectory: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// All that a server and its administrator need.
    package struct Contents: Sendable {
        package let authority: CertificateAuthority
        package let server: KeyedCertificate
        package let administrator: KeyedCertificate
        package let serviceAccounts: ServiceAccountKey
        /// What was made or replaced, in a line each, for the log.
        package fileprivate(set) var changes: [String]
    }

    /// - Throws: `PKIError` for a file that is there and cannot be used, or cannot be written.
    package func prepare(_ server: CertificateProfile, now: Date = Date()) throws(PKIError) -> Contents {
        do throws(SystemError) {
            try Directory.make(path)
        } catch {
            throw PKIError(file: path, problem: "cannot be made: \(error)")
        }
        var changes: [String] = []
        let authority = try authority(now, &changes)
        return Contents(
            authority: authority, server: try certificate("apiserver", server, of: authority, now, &changes),
            administrator: try certificate("admin", .administrator, of: authority, now, &changes),
            serviceAccounts: try serviceAccountKey(&changes), changes: changes)
    }

    private func authority(_ now: Date, _ changes: inout [String]) throws(PKIError) -> CertificateAuthority {
        let held = try pair("ca")
        if let held {
            guard held.isWhole else { throw error("ca.key", "is not the key of ca.crt") }
            guard now < held.certificate.notValidAfter else {
                throw error(
                    "ca.crt", "has ended on \(held.certificate.notValidAfter); remove it and all that it signed")
            }
            return CertificateAuthority(held)
        }
        // A key without its certificate is one that was being made, or given.
        let key = try key("ca") ?? Certificate.PrivateKey(P256.Signing.PrivateKey())
        let made: CertificateAuthority
        do { made = try .make(key, now: now) } catch { throw self.error("ca.crt", "cannot be made: \(error)") }
        try write(made.pair, "ca")
        changes.append("made a certificate authority: \(path)/ca.crt")
        return made
    }

    private func certificate(
        _ name: String, _ profile: CertificateProfile, of authority: CertificateAuthority, _ now: Date,
        _ changes: inout [String]
    ) throws(PKIError) -> KeyedCertificate {
        var cause: String?
        if let held = try pair(name) {
            cause = authority.replacementCause(of: held, for: profile, now: now)
            if cause == nil { return held }
        }
        let made: KeyedCertificate
        do { made = try authority.issue(profile, now: now) } catch {
            throw self.error("\(name).crt", "cannot be made: \(error)")
        }
        try write(made, name)
        changes.append(
            cause.map { "replaced the certificate \(path)/\(name).crt: \($0)" }
                ?? "made the certificate \(path)/\(name).crt")
        return made
    }

    private func serviceAccountKey(_ changes: inout [String]) throws(PKIError) -> ServiceAccountKey {
        if let text = try read("sa.key") {
            do { return try ServiceAccountKey(pem: text) } catch {
                throw self.error("sa.key", "is not an ECDSA P-256 key in PEM")
            }
        }
        let key = ServiceAccountKey()
        try write(key.pem, "sa.key", permissions: 0o600)
        try write(key.publicPEM, "sa.pub", permissions: 0o644)
        changes.append("made the key of service accounts' tokens: \(path)/sa.key")
        return key
    }
}

// MARK: - Files

extension PKIDirectory {
    /// Far above any key or chain.
    private static let limitBytes = 1 << 20

    /// A certificate and its key; nil where there is no certificate.
    private func pair(_ name: String) throws(PKIError) -> KeyedCertificate? {
        guard let text = try read("\(name).crt") else { return nil }
        let certificate: Certificate
        do { certificate = try Certificate(pemEncoded: text) } catch {
            throw self.error("\(name).crt", "is not a certificate in PEM")
        }
        guard let key = try key(name) else { throw error("\(name).key", "is missing beside \(name).crt") }
        return KeyedCertificate(certificate: certificate, key: key)
    }

    /// Nil where there is none.
    private func key(_ name: String) throws(PKIError) -> Certificate.PrivateKey? {
        guard let text = try read("\(name).key") else { return nil }
        do { return try Certificate.PrivateKey(pemEncoded: text) } catch {
            throw self.error("\(name).key", "is not a private key in PEM")
        }
    }

    private func read(_ name: String) throws(PKIError) -> String? {
        do throws(SystemError) {
            return String(
                decoding: try FileContents.read("\(path)/\(name)", limitBytes: Self.limitBytes), as: UTF8.self)
        } catch {
            if error.isMissingFile { return nil }
            throw self.error(name, "cannot be read: \(error)")
        }
    }

    /// The key first: a certificate never stands beside another one's key for longer than it takes to find that out.
    private func write(_ pair: KeyedCertificate, _ name: String) throws(PKIError) {
        do {
            try write(try pair.keyPEM(), "\(name).key", permissions: 0o600)
            try write(try pair.certificatePEM(), "\(name).crt", permissions: 0o644)
        } catch let error as PKIError {
            throw error
        } catch {
            throw self.error("\(name).crt", "cannot be written as PEM: \(error)")
        }
    }

    private func write(_ text: String, _ name: String, permissions: UInt32) throws(PKIError) {
        do throws(SystemError) {
            try AtomicFile.write(Array(text.utf8), to: "\(path)/\(name)", permissions: permissions)
        } catch {
            throw self.error(name, "cannot be written: \(error)")
        }
    }

    private func error(_ name: String, _ problem: String) -> PKIError {
        PKIError(file: "\(path)/\(name)", problem: problem)
    }
}
