import Crypto
import FoundationEssentials
import KubeAPI

/// Signs service accounts' tokens and checks them: JWTs with upstream's claims, so that client libraries can read them.
package struct ServiceAccountTokens: Sendable {
    /// `iss` of what is signed, and the audience of tokens that name none.
    package static let issuer = "https://kubernetes.default.svc.cluster.local"
    /// Other machines' clocks may be ahead or behind (go-jose's `DefaultLeeway`).
    private static let leewaySeconds = 60

    private let key: ServiceAccountKey
    /// Whether an object that a token names is there with that uid.
    private let exists: @Sendable (Resource, ObjectName, _ uid: String) async -> Bool

    /// - Parameter exists: asked for the service account, and for what the token is bound to, at each use of a token.
    package init(
        key: ServiceAccountKey, exists: @escaping @Sendable (Resource, ObjectName, _ uid: String) async -> Bool
    ) {
        self.key = key
        self.exists = exists
    }

    /// The token that says this.
    ///
    /// - Throws: what the signature's algorithm throws.
    package func sign(_ claims: ServiceAccountClaims) throws -> String {
        let header: JSONValue = ["alg": "ES256", "kid": .string(key.identifier)]
        let content = Base64URL.encode(header.json) + "." + Base64URL.encode(claims.json(issuer: Self.issuer).json)
        let signature = try key.key.signature(for: Data(content.utf8))
        return content + "." + Base64URL.encode(signature.rawRepresentation)
    }

    /// What a token says; nil where it is none of ours, is not for us, is over, or is bound to something that has gone.
    package func claims(
        of token: String, audience: String = ServiceAccountTokens.issuer, now: Date = Date()
    ) async -> ServiceAccountClaims? {
        guard let claims = signedClaims(of: token), claims.audiences.contains(audience) else { return nil }
        let seconds = Int(now.timeIntervalSince1970)
        guard claims.issuedAt - Self.leewaySeconds <= seconds, seconds < claims.expiry + Self.leewaySeconds else {
            return nil
        }
        let (namespace, account) = (claims.namespace, claims.serviceAccount)
        guard
            await exists(
                .serviceAccounts, ObjectName(namespace: namespace, name: account.name), account.uid)
        else { return nil }
        for (resource, reference) in [(Resource.pods, claims.pod), (.secrets, claims.secret)] {
            guard let reference else { continue }
            guard await exists(resource, ObjectName(namespace: namespace, name: reference.name), reference.uid) else {
                return nil
            }
        }
        return claims
    }

    private func signedClaims(of token: String) -> ServiceAccountClaims? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.decode(parts[2]),
            let signed = try? P256.Signing.ECDSASignature(rawRepresentation: signature),
            let header = Self.json(parts[0]), header["alg"]?.string == "ES256",
            key.key.publicKey.isValidSignature(signed, for: Data("\(parts[0]).\(parts[1])".utf8)),
            let content = Self.json(parts[1]), content["iss"]?.string == Self.issuer
        else { return nil }
        return ServiceAccountClaims(content)
    }

    private static func json(_ part: Substring) -> JSONValue? {
        Base64URL.decode(part).flatMap { try? JSONValue(json: $0) }
    }
}

extension Resource {
    fileprivate static let serviceAccounts = Resource(
        group: "", version: "v1", kind: "ServiceAccount", plural: "serviceaccounts", isNamespaced: true)
    fileprivate static let pods = Resource(
        group: "", version: "v1", kind: "Pod", plural: "pods", isNamespaced: true)
    fileprivate static let secrets = Resource(
        group: "", version: "v1", kind: "Secret", plural: "secrets", isNamespaced: true)
}
