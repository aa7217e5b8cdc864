import FoundationEssentials
import KubeAPI

/// What a service account's token says (pkg/serviceaccount/claims.go).
package struct ServiceAccountClaims: Sendable, Hashable {
    /// An object that a token speaks of.
    package struct Reference: Sendable, Hashable {
        package var name: String
        package var uid: String

        package init(name: String, uid: String) {
            self.name = name
            self.uid = uid
        }
    }

    package var namespace: String
    package var serviceAccount: Reference
    /// What the token ends with.
    package var pod: Reference?
    package var secret: Reference?
    package var node: Reference?
    package var audiences: [String]
    /// Seconds since 1970.
    package var issuedAt: Int
    package var expiry: Int
    package var identifier: String

    /// For a token that is issued now.
    package init(
        namespace: String, serviceAccount: Reference, pod: Reference? = nil, secret: Reference? = nil,
        node: Reference? = nil, audiences: [String], lifetimeSeconds: Int, now: Date = Date()
    ) {
        self.namespace = namespace
        self.serviceAccount = serviceAccount
        self.pod = pod
        self.secret = secret
        self.node = node
        self.audiences = audiences
        issuedAt = Int(now.timeIntervalSince1970)
        expiry = issuedAt + lifetimeSeconds
        identifier = UUID().uuidString.lowercased()
    }

    package var userName: String { "system:serviceaccount:\(namespace):\(serviceAccount.name)" }

    func json(issuer: String) -> JSONValue {
        var kubernetes: JSONValue = ["namespace": .string(namespace), "serviceaccount": Self.json(serviceAccount)]
        kubernetes["pod"] = pod.map(Self.json)
        kubernetes["secret"] = secret.map(Self.json)
        kubernetes["node"] = node.map(Self.json)
        return [
            "aud": JSONValue(audiences), "exp": JSONValue(expiry), "iat": JSONValue(issuedAt),
            "nbf": JSONValue(issuedAt), "iss": .string(issuer), "jti": .string(identifier), "sub": .string(userName),
            "kubernetes.io": kubernetes,
        ]
    }

    /// Nil where something lacks.
    init?(_ json: JSONValue) {
        guard let namespace = json[["kubernetes.io", "namespace"]]?.string,
            let account = Self.reference(json[["kubernetes.io", "serviceaccount"]]),
            let expiry = json["exp"]?.integer, let issuedAt = json["nbf"]?.integer ?? json["iat"]?.integer
        else { return nil }
        self.namespace = namespace
        serviceAccount = account
        pod = Self.reference(json[["kubernetes.io", "pod"]])
        secret = Self.reference(json[["kubernetes.io", "secret"]])
        node = Self.reference(json[["kubernetes.io", "node"]])
        audiences = json["aud"]?.array?.compactMap(\.string) ?? json["aud"]?.string.map { [$0] } ?? []
        self.issuedAt = issuedAt
        self.expiry = expiry
        identifier = json["jti"]?.string ?? ""
        guard json["sub"]?.string == userName else { return nil }
    }

    /// The user that the bearer is (apiserver authentication/serviceaccount/util.go).
    var user: UserInfo {
        let prefix = "authentication.kubernetes.io/"
        var extra: [String: [String]] = [:]
        if !identifier.isEmpty { extra["\(prefix)credential-id"] = ["JTI=\(identifier)"] }
        if let pod { (extra["\(prefix)pod-name"], extra["\(prefix)pod-uid"]) = ([pod.name], [pod.uid]) }
        if let node { (extra["\(prefix)node-name"], extra["\(prefix)node-uid"]) = ([node.name], [node.uid]) }
        return UserInfo(
            name: userName, uid: serviceAccount.uid,
            groups: ["system:serviceaccounts", "system:serviceaccounts:\(namespace)"], extra: extra)
    }

    private static func json(_ reference: Reference) -> JSONValue {
        ["name": .string(reference.name), "uid": .string(reference.uid)]
    }

    private static func reference(_ json: JSONValue?) -> Reference? {
        guard let name = json?["name"]?.string, let uid = json?["uid"]?.string else { return nil }
        return Reference(name: name, uid: uid)
    }
}
