import KubeAPI

/// Decides what an authenticated user may do.
package protocol Authorizer: Sendable {
    /// - Parameters:
    ///   - method: HTTP's: `GET`, `POST`, ….
    ///   - path: of the request, with its query.
    /// - Throws: 403 Forbidden.
    func authorize(_ user: UserInfo, method: String, path: String) async throws(Status)
}

/// Everybody who is authenticated may do everything (kube-apiserver's mode of that name): the rule of a node with one owner,
/// whose certificates and tokens are handed out by that owner.
package struct AlwaysAllow: Authorizer {
    package init() {}

    package func authorize(_ user: UserInfo, method: String, path: String) async throws(Status) {}
}
