import KubeAPI
import NIOCore
import NIOSSL

/// What stands before every request of the API: who it is from, and whether that one may.
package struct APISecurity: Sendable {
    /// What everybody may ask for: whether the server lives, and what it is.
    private static let openPaths: Set<String> = ["/healthz", "/livez", "/readyz", "/version"]

    private let authenticator: Authenticator?
    private let authorizer: any Authorizer

    package init(_ authenticator: Authenticator, authorizer: any Authorizer = AlwaysAllow()) {
        self.authenticator = authenticator
        self.authorizer = authorizer
    }

    private init() {
        authenticator = nil
        authorizer = AlwaysAllow()
    }

    /// No authentication: who reaches the socket is the administrator.
    package static let open = APISecurity()

    /// Whether it asks who a request is from.
    var isAuthenticating: Bool { authenticator != nil }

    /// The user that a request is from, who may make it; nil for what everybody may ask for.
    ///
    /// - Throws: 401 Unauthorized, 403 Forbidden.
    func admit(
        method: String, path: String, authorization: String?, on channel: any Channel
    ) async throws(Status) -> UserInfo? {
        guard let authenticator else { return .local }
        let certificate = try? await channel.nioSSL_peerCertificate().get()
        if let user = await authenticator.user(authorization: authorization, certificate: certificate) {
            if !user.groups.contains(UserInfo.masters) {
                try await authorizer.authorize(user, method: method, path: path)
            }
            return user
        }
        let bare = path.prefix { $0 != "?" }
        if ["GET", "HEAD"].contains(method), Self.openPaths.contains(where: { bare == $0 || bare.hasPrefix("\($0)/") })
        {
            return nil
        }
        throw .unauthorized
    }
}

extension Status {
    /// As upstream words it (api/errors `NewUnauthorized`).
    static let unauthorized = Status(code: 401, reason: "Unauthorized", message: "Unauthorized")
}
