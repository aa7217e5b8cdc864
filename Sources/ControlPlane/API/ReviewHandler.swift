import APIMachinery
import Hummingbird
import KubeAPI

/// Answers reviews.
struct ReviewHandler: Sendable {
    let security: APISecurity
    /// Checks service accounts' tokens; nil where there are none.
    let tokens: ServiceAccountTokens?

    /// - Parameter namespace: that the path names.
    /// - Throws: `Status`.
    func answer(
        _ review: Review, namespace: String?, _ request: Request, _ query: RequestQuery, _ context: APIContext
    ) async throws -> Response {
        guard request.method == .post else { throw Status.methodNotAllowed }
        let content = try await RequestContent(request, context)
        let parameters = try WriteParameters(query, request, kind: "CreateOptions")
        let kind = GroupVersionKind(group: review.group, version: "v1", kind: review.kind)
        let body = try TypedBody(json: try content.json(), as: kind, validation: parameters.validation)
        var answer = body.object
        if let namespace, answer.namespace.isEmpty { answer.namespace = namespace }
        let failures = review.failures(answer, namespace: namespace)
        guard failures.isEmpty else {
            let resource = Resource(
                group: review.group, version: "v1", kind: review.kind, plural: review.rawValue,
                isNamespaced: review.isNamespaced)
            throw Status.invalid(resource, name: "", failures)
        }
        answer["status"] = try await status(review, answer, context.user ?? .local)
        return .json(answer.tree, status: .created, warnings: body.warnings)
    }

    /// What the answer is, beside the question.
    private func status(
        _ review: Review, _ question: Unstructured, _ user: UserInfo
    ) async throws(Status) -> JSONValue {
        switch review {
        case .selfSubjectReviews: return ["userInfo": user.json]
        case .tokenReviews: return await status(ofToken: question)
        case .selfSubjectAccessReviews: return await status(question, of: user)
        case .subjectAccessReviews, .localSubjectAccessReviews:
            return await status(question, of: UserInfo(asked: question["spec"] ?? .null))
        case .selfSubjectRulesReviews:
            let namespace = question[["spec", "namespace"]]?.string ?? ""
            guard !namespace.isEmpty else { throw .badRequest("no namespace on request") }
            return await security.rules(of: user, namespace: namespace).json
        }
    }

    private func status(ofToken question: Unstructured) async -> JSONValue {
        let token = question[["spec", "token"]]?.string ?? ""
        let audience = question[["spec", "audiences"]]?.array?.first?.string ?? ServiceAccountTokens.issuer
        guard let claims = await tokens?.claims(of: token, audience: audience) else {
            return ["user": .object(JSONObject()), "error": "[invalid bearer token]"]
        }
        return [
            "authenticated": true, "user": claims.user.withAuthenticatedGroup.json, "audiences": [.string(audience)],
        ]
    }

    private func status(_ question: Unstructured, of user: UserInfo) async -> JSONValue {
        let decision = await security.decide(user, RequestAttributes(asked: question["spec"] ?? .null))
        var status: JSONValue = ["allowed": JSONValue(decision.outcome == .allowed)]
        if decision.outcome == .denied { status["denied"] = true }
        if !decision.reason.isEmpty { status["reason"] = .string(decision.reason) }
        return status
    }
}

extension Review {
    /// What is wrong with a question about access (pkg/apis/authorization/validation/validation.go).
    fileprivate func failures(_ question: Unstructured, namespace: String?) -> [FieldFailure] {
        guard [.selfSubjectAccessReviews, .subjectAccessReviews, .localSubjectAccessReviews].contains(self) else {
            return []
        }
        let spec = question["spec"] ?? .null
        let (resource, path) = (spec["resourceAttributes"], spec["nonResourceAttributes"])
        var failures: [FieldFailure] = []
        if resource != nil, let path {
            failures.append(
                .invalid(
                    "spec.nonResourceAttributes", path, "cannot be specified in combination with resourceAttributes"))
        }
        if resource == nil, path == nil {
            failures.append(
                .invalid(
                    "spec.resourceAttributes", .null,
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified"))
        }
        if self != .selfSubjectAccessReviews, (spec["user"]?.string ?? "").isEmpty,
            (spec["groups"]?.array ?? []).isEmpty
        {
            failures.append(.invalid("spec.user", "", "at least one of user or group must be specified"))
        }
        guard self == .localSubjectAccessReviews else { return failures }
        if let resource, resource["namespace"]?.string ?? "" != namespace {
            failures.append(
                .invalid(
                    "spec.resourceAttributes.namespace", resource["namespace"] ?? "", "must match metadata.namespace"))
        }
        if let path {
            failures.append(.invalid("spec.nonResourceAttributes", path, "disallowed on this kind of request"))
        }
        return failures
    }
}

extension RequestAttributes {
    /// What a question about access asks for (authorization/v1 `ResourceAttributes`, `NonResourceAttributes`).
    fileprivate init(asked spec: JSONValue) {
        guard let asked = spec["resourceAttributes"] else {
            self.init(
                verb: spec[["nonResourceAttributes", "verb"]]?.string ?? "",
                path: spec[["nonResourceAttributes", "path"]]?.string ?? "")
            return
        }
        func text(_ key: String) -> String { asked[key]?.string ?? "" }
        self.init(verb: text("verb"), path: "")
        isResource = true
        group = text("group")
        version = text("version").isEmpty ? "*" : text("version")
        resource = text("resource")
        subresource = text("subresource")
        namespace = text("namespace")
        name = text("name")
    }
}

extension UserInfo {
    /// Of whom a question about access asks (authorization/v1 `SubjectAccessReviewSpec`).
    fileprivate init(asked spec: JSONValue) {
        self.init(
            name: spec["user"]?.string ?? "", uid: spec["uid"]?.string ?? "",
            groups: spec["groups"]?.array?.compactMap(\.string) ?? [])
        for field in spec["extra"]?.object?.fields ?? [] {
            extra[field.key] = field.value.array?.compactMap(\.string) ?? []
        }
    }

    fileprivate var json: JSONValue {
        var json: JSONValue = ["username": .string(name)]
        if !uid.isEmpty { json["uid"] = .string(uid) }
        if !groups.isEmpty { json["groups"] = JSONValue(groups) }
        if !extra.isEmpty { json["extra"] = .object(JSONObject(extra.mapValues { JSONValue($0) })) }
        return json
    }
}

extension AccessRules {
    fileprivate var json: JSONValue {
        let resources = resources.map { rule -> JSONValue in
            var json: JSONValue = [
                "verbs": JSONValue(rule.verbs), "apiGroups": JSONValue(rule.groups),
                "resources": JSONValue(rule.resources),
            ]
            if !rule.names.isEmpty { json["resourceNames"] = JSONValue(rule.names) }
            return json
        }
        let paths = paths.map { ["verbs": JSONValue($0.verbs), "nonResourceURLs": JSONValue($0.paths)] as JSONValue }
        return [
            "resourceRules": .array(resources), "nonResourceRules": .array(paths),
            "incomplete": JSONValue(isIncomplete),
        ]
    }
}
