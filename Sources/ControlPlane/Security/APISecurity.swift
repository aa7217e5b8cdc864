import Hummingbird
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

    /// The user that a request is from, or wants to be from, who may make it; nil for what everybody may ask for.
    ///
    /// - Throws: 401 Unauthorized, 403 Forbidden, 400 BadRequest.
    func admit(
        _ request: RequestAttributes, _ headers: HTTPFields, on channel: any Channel
    ) async throws(Status) -> UserInfo? {
        guard var user = await authenticate(headers, on: channel) else {
            let path = request.path
            if ["get", "head"].contains(request.verb), !request.isResource,
                Self.openPaths.contains(where: { path == $0 || path.hasPrefix("\($0)/") })
            {
                return nil
            }
            throw .unauthorized
        }
        if let impersonation = try Impersonation(headers) {
            for request in impersonation.requests { try await check(user, request) }
            user = impersonation.user
        }
        try await check(user, request)
        return user
    }

    private func authenticate(_ headers: HTTPFields, on channel: any Channel) async -> UserInfo? {
        guard let authenticator else { return .local }
        let certificate = try? await channel.nioSSL_peerCertificate().get()
        return await authenticator.user(authorization: headers[.authorization], certificate: certificate)
    }

    private func check(_ user: UserInfo, _ request: RequestAttributes) async throws(Status) {
        let decision = await decide(user, request)
        guard decision.outcome == .allowed else { throw .forbidden(request, user, decision.reason) }
    }

    /// What a user may do: those of `system:masters` everything.
    func decide(_ user: UserInfo, _ request: RequestAttributes) async -> AuthorizationDecision {
        if user.groups.contains(UserInfo.masters) { return AuthorizationDecision(.allowed) }
        return await authorizer.decide(user, request)
    }

    /// What a user may do in a namespace.
    func rules(of user: UserInfo, namespace: String) async -> AccessRules {
        if user.groups.contains(UserInfo.masters) { return .all }
        return await authorizer.rules(of: user, namespace: namespace)
    }
}

extension Status {
    /// As upstream words it (api/errors `NewUnauthorized`).
    static let unauthorized = Status(code: 401, reason: "Unauthorized", message: "Unauthorized")

    /// As upstream words it (endpoints/handlers/responsewriters/errors.go).
    fileprivate static func forbidden(_ request: RequestAttributes, _ user: UserInfo, _ reason: String) -> Status {
        var message = "User \"\(user.name)\" cannot \(request.verb) "
        if request.isResource {
            let part = request.subresource.isEmpty ? "" : "/\(request.subresource)"
            message += "resource \"\(request.resource)\(part)\" in API group \"\(request.group)\" "
            message +=
                request.namespace.isEmpty ? "at the cluster scope" : "in the namespace \"\(request.namespace)\""
        } else {
            message += "path \"\(request.path)\""
        }
        for (character, entity) in [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")] {
            message = message.replacing(character, with: entity)
        }
        if !reason.isEmpty { message += ": \(reason)" }
        guard request.isResource else {
            return Status(code: 403, reason: "Forbidden", message: "forbidden: \(message)")
        }
        let resource = Resource(
            group: request.group, version: request.version, kind: "", plural: request.resource, isNamespaced: true)
        return .forbidden(resource, name: request.name, message)
    }
}
