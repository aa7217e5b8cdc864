import APIMachinery
import Hummingbird
import KubeAPI

/// Questions about the client itself, which are asked as objects that nobody stores: who am I, what may I do.
enum Review: String, CaseIterable {
    case selfSubjectReviews = "selfsubjectreviews"
    case tokenReviews = "tokenreviews"
    case selfSubjectAccessReviews = "selfsubjectaccessreviews"
    case selfSubjectRulesReviews = "selfsubjectrulesreviews"
    case subjectAccessReviews = "subjectaccessreviews"

    static var groupVersions: [(String, String)] {
        [("authentication.k8s.io", "v1"), ("authorization.k8s.io", "v1")]
    }

    init?(_ path: ResourcePath) {
        guard let review = Review(rawValue: path.plural), path.namespace == nil, path.version == "v1",
            review.group == path.group
        else { return nil }
        self = review
    }

    var group: String {
        switch self {
        case .selfSubjectReviews, .tokenReviews: "authentication.k8s.io"
        default: "authorization.k8s.io"
        }
    }

    var kind: String {
        switch self {
        case .selfSubjectReviews: "SelfSubjectReview"
        case .tokenReviews: "TokenReview"
        case .selfSubjectAccessReviews: "SelfSubjectAccessReview"
        case .selfSubjectRulesReviews: "SelfSubjectRulesReview"
        case .subjectAccessReviews: "SubjectAccessReview"
        }
    }

    /// What the answer is, beside the question.
    func status(_ question: Unstructured, _ user: UserInfo, _ tokens: ServiceAccountTokens?) async -> JSONValue {
        switch self {
        case .selfSubjectReviews: return ["userInfo": user.json]
        case .tokenReviews:
            let token = question[["spec", "token"]]?.string ?? ""
            let audience =
                question[["spec", "audiences"]]?.array?.first?.string ?? ServiceAccountTokens.issuer
            guard let claims = await tokens?.claims(of: token, audience: audience) else {
                return ["user": .object(JSONObject()), "error": "[invalid bearer token]"]
            }
            return [
                "authenticated": true, "user": claims.user.withAuthenticatedGroup.json,
                "audiences": [.string(audience)],
            ]
        // Whoever is known may do everything (`AlwaysAllow`).
        case .selfSubjectAccessReviews, .subjectAccessReviews: return ["allowed": true]
        case .selfSubjectRulesReviews:
            return [
                "resourceRules": [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]]],
                "nonResourceRules": [["verbs": ["*"], "nonResourceURLs": ["*"]]], "incomplete": false,
            ]
        }
    }
}

extension UserInfo {
    fileprivate var json: JSONValue {
        var json: JSONValue = ["username": .string(name)]
        if !uid.isEmpty { json["uid"] = .string(uid) }
        if !groups.isEmpty { json["groups"] = JSONValue(groups) }
        if !extra.isEmpty { json["extra"] = .object(JSONObject(extra.mapValues { JSONValue($0) })) }
        return json
    }
}

/// Answers reviews.
struct ReviewHandler: Sendable {
    let tokens: ServiceAccountTokens?

    /// - Throws: `Status`.
    func answer(_ review: Review, _ request: Request, _ context: APIContext) async throws -> Response {
        guard request.method == .post else { throw Status.methodNotAllowed }
        let content = try await RequestContent(request, context)
        let parameters = try WriteParameters(RequestQuery(request.uri), request, kind: "CreateOptions")
        let kind = GroupVersionKind(group: review.group, version: "v1", kind: review.kind)
        let body = try TypedBody(json: try content.json(), as: kind, validation: parameters.validation)
        var answer = body.object
        answer["status"] = await review.status(answer, context.user ?? .local, tokens)
        return .json(answer.tree, status: .created, warnings: body.warnings)
    }
}
