import KubeAPI
import NIOSSL
import X509

/// Tells who a request is from: by the certificate of its connection, or by its bearer token.
package struct Authenticator: Sendable {
    private let serviceAccounts: ServiceAccountTokens?
    private let tokens: StaticTokens?

    package init(serviceAccounts: ServiceAccountTokens?, tokens: StaticTokens? = nil) {
        self.serviceAccounts = serviceAccounts
        self.tokens = tokens
    }

    /// The user; nil where nothing says who it is. The first way that succeeds counts, as in kube-apiserver.
    ///
    /// - Parameters:
    ///   - authorization: the header `Authorization`.
    ///   - certificate: the client's, which the handshake has checked.
    package func user(authorization: String?, certificate: NIOSSLCertificate?) async -> UserInfo? {
        if let certificate, let user = Self.user(of: certificate) { return user.withAuthenticatedGroup }
        guard let token = authorization.flatMap(Self.bearerToken) else { return nil }
        if let user = tokens?.user(of: token) { return user.withAuthenticatedGroup }
        return await serviceAccounts?.claims(of: token)?.user.withAuthenticatedGroup
    }

    /// The common name is the user, the organisations are its groups (apiserver authentication/request/x509).
    static func user(of certificate: NIOSSLCertificate) -> UserInfo? {
        guard let bytes = try? certificate.toDERBytes(), let certificate = try? Certificate(derEncoded: bytes) else {
            return nil
        }
        var name = ""
        var groups: [String] = []
        for attribute in certificate.subject.flatMap({ Array($0) }) {
            guard let text = String(attribute.value) else { continue }
            switch attribute.type {
            case .RDNAttributeType.commonName: name = text
            case .RDNAttributeType.organizationName: groups.append(text)
            default: break
            }
        }
        return name.isEmpty ? nil : UserInfo(name: name, groups: groups)
    }

    /// The scheme is told in any case (RFC 6750, RFC 9110).
    private static func bearerToken(_ header: String) -> String? {
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}
