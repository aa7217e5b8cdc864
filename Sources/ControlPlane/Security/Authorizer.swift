import KubeAPI

/// Decides what an authenticated user may do.
package protocol Authorizer: Sendable {
    func decide(_ user: UserInfo, _ request: RequestAttributes) async -> AuthorizationDecision

    /// What the user may do in a namespace, as far as it can be listed.
    func rules(of user: UserInfo, namespace: String) async -> AccessRules
}

/// An authorizer's answer (apiserver authorization/authorizer, `Decision`).
package struct AuthorizationDecision: Sendable, Equatable {
    package enum Outcome: Sendable {
        case allowed
        /// Whatever others say.
        case denied
        /// Refused, unless another authorizer allows it.
        case noOpinion
    }

    package var outcome: Outcome
    /// Why, for people; may be empty.
    package var reason: String

    package init(_ outcome: Outcome, reason: String = "") {
        self.outcome = outcome
        self.reason = reason
    }
}

/// Rules of access that can be listed (authorization/v1 `SubjectRulesReviewStatus`).
package struct AccessRules: Sendable {
    package struct ResourceRule: Sendable {
        package var verbs: [String]
        package var groups: [String]
        package var resources: [String]
        /// Empty for all.
        package var names: [String] = []
    }

    package struct PathRule: Sendable {
        package var verbs: [String]
        package var paths: [String]
    }

    package var resources: [ResourceRule]
    package var paths: [PathRule]
    /// Whether there may be more.
    package var isIncomplete = false

    /// Everything.
    static let all = AccessRules(
        resources: [ResourceRule(verbs: ["*"], groups: ["*"], resources: ["*"])],
        paths: [PathRule(verbs: ["*"], paths: ["*"])])
}

/// Everybody who is authenticated may do everything (kube-apiserver's mode of that name): the rule of a node with one owner,
/// whose certificates and tokens are handed out by that owner.
package struct AlwaysAllow: Authorizer {
    package init() {}

    package func decide(_ user: UserInfo, _ request: RequestAttributes) async -> AuthorizationDecision {
        AuthorizationDecision(.allowed)
    }

    package func rules(of user: UserInfo, namespace: String) async -> AccessRules { .all }
}
