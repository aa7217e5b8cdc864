import Hummingbird
import KubeAPI

/// Whom a client wants to be taken for: `kubectl --as` (authentication/v1 `Impersonate-User` and its like; apiserver
/// endpoints/filters/impersonation).
struct Impersonation {
    private static let extraPrefix = "impersonate-extra-"

    private let name: String
    private let groups: [String]
    private let uid: String
    private let extra: [(key: String, value: String)]

    /// Nil where the client is itself.
    ///
    /// - Throws: 400 BadRequest for the groups of nobody.
    init?(_ headers: HTTPFields) throws(Status) {
        var (name, uid): (String, String) = ("", "")
        var groups: [String] = []
        var extra: [(key: String, value: String)] = []
        for field in headers {
            switch field.name.canonicalName {
            case "impersonate-user": name = field.value
            case "impersonate-uid": uid = field.value
            case "impersonate-group": groups.append(field.value)
            case let key where key.hasPrefix(Self.extraPrefix):
                let key = String(key.dropFirst(Self.extraPrefix.count))
                extra.append((RequestTarget.decoded(key) ?? key, field.value))
            default: break
            }
        }
        (self.name, self.groups, self.uid, self.extra) = (name, groups, uid, extra)
        guard name.isEmpty else { return }
        guard groups.isEmpty, uid.isEmpty, extra.isEmpty else {
            throw .badRequest("requested groups, a UID or extra fields without impersonating a user")
        }
        return nil
    }

    /// `system:serviceaccount:NAMESPACE:NAME`.
    private var serviceAccount: (namespace: String, name: String)? {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount" else { return nil }
        return (String(parts[2]), String(parts[3]))
    }

    /// What the client must be allowed to do.
    var requests: [RequestAttributes] {
        var requests: [RequestAttributes] = []
        func ask(_ resource: String, _ name: String, group: String = "", namespace: String = "", part: String = "") {
            var request = RequestAttributes(verb: "impersonate", path: "")
            request.isResource = true
            (request.group, request.version) = (group, group.isEmpty ? "" : "v1")
            (request.resource, request.subresource) = (resource, part)
            (request.namespace, request.name) = (namespace, name)
            requests.append(request)
        }
        if let account = serviceAccount {
            ask("serviceaccounts", account.name, namespace: account.namespace)
        } else {
            ask("users", name)
        }
        for group in groups { ask("groups", group) }
        for (key, value) in extra { ask("userextras", value, group: "authentication.k8s.io", part: key) }
        if !uid.isEmpty { ask("uids", uid, group: "authentication.k8s.io") }
        return requests
    }

    /// Who the request is from then.
    var user: UserInfo {
        var user = UserInfo(name: name, uid: uid, groups: groups)
        if groups.isEmpty, let account = serviceAccount {
            user.groups = ["system:serviceaccounts", "system:serviceaccounts:\(account.namespace)"]
        }
        for (key, value) in extra { user.extra[key, default: []].append(value) }
        guard name != "system:anonymous" else {
            if !user.groups.contains("system:unauthenticated") { user.groups.append("system:unauthenticated") }
            return user
        }
        return user.groups.contains("system:unauthenticated") ? user : user.withAuthenticatedGroup
    }
}
