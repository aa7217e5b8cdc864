/// Who makes a request (authentication/v1 `UserInfo`).
package struct UserInfo: Sendable, Hashable {
    /// May do everything, whatever the rules of authorisation say.
    package static let masters = "system:masters"
    /// Everybody who has been authenticated.
    static let authenticated = "system:authenticated"

    package var name: String
    package var uid: String
    package var groups: [String]
    package var extra: [String: [String]]

    package init(name: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        self.name = name
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }

    /// Whoever can reach the socket of a server without authentication.
    package static let local = UserInfo(name: "system:admin", groups: [masters, authenticated])

    /// With the group of all that are authenticated, once.
    var withAuthenticatedGroup: UserInfo {
        var user = self
        if !user.groups.contains(Self.authenticated) { user.groups.append(Self.authenticated) }
        return user
    }
}
