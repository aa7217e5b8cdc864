import Net
import X509

/// What a certificate is to say of its holder.
package struct CertificateProfile: Sendable, Hashable {
    package enum Use: Sendable, Hashable {
        case server
        case client
    }

    package var use: Use
    package var commonName: String
    /// The groups of a client.
    package var organization: String?
    /// Names and addresses that a server is called by.
    package var dnsNames: [String]
    package var addresses: [IPAddress]

    /// Of an API server, which clients reach under any of these (kubeadm's and kube-apiserver's choice).
    ///
    /// - Parameter extraNames: names or addresses.
    package static func apiServer(nodeName: String, addresses: [IPAddress], extraNames: [String]) -> CertificateProfile
    {
        var names = [
            "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
        ]
        var all = [IPAddress(v4: 0x7F00_0001), IPAddress(v6: 0, 1)]
        for address in addresses where !all.contains(address) && !address.isUnspecified { all.append(address) }
        for name in [nodeName] + extraNames where !name.isEmpty {
            if let address = try? IPAddress(name) {
                if !all.contains(address) { all.append(address) }
            } else if !names.contains(name) {
                names.append(name)
            }
        }
        return CertificateProfile(
            use: .server, commonName: "kube-apiserver", organization: nil, dnsNames: names, addresses: all)
    }

    /// Of the administrator: a member of `system:masters`.
    package static let administrator = CertificateProfile(
        use: .client, commonName: "kubernetes-admin", organization: UserInfo.masters, dnsNames: [], addresses: [])

    /// - Throws: what X.509 cannot say.
    func subject() throws -> DistinguishedName {
        try DistinguishedName {
            if let organization { OrganizationName(organization) }
            CommonName(commonName)
        }
    }

    var alternativeNames: [GeneralName] {
        dnsNames.map { .dnsName($0) } + addresses.map { .ipAddress(.init(contentBytes: $0.bytes[...])) }
    }

    /// Whether a certificate says all this.
    func isMet(by certificate: Certificate) -> Bool {
        guard let subject = try? subject(), subject == certificate.subject else { return false }
        guard !alternativeNames.isEmpty else { return true }
        let found = (try? certificate.extensions.subjectAlternativeNames).flatMap { $0 }.map { Set($0) } ?? []
        return found.isSuperset(of: alternativeNames)
    }
}
