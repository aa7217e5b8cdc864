import APIMachinery
import FoundationEssentials
import Hummingbird
import KubeAPI
import NIOCore

/// Parts of objects that have paths of their own.
struct SubresourceHandler: Sendable {
    let registry: Registry
    let reads: ReadHandler
    let writes: WriteHandler
    /// Signs service accounts' tokens; nil where nobody could check them.
    let tokens: ServiceAccountTokens?

    /// - Throws: `Status`: 404 for what there is not.
    func answer(
        _ resource: ServedResource, _ name: ObjectName, _ subresource: String, _ request: Request,
        _ query: RequestQuery, _ context: APIContext
    ) async throws -> Response {
        if resource.resource == .pods, Self.nodeParts.contains(subresource) {
            throw try await unreachable(name, subresource, query)
        }
        guard resource.rules.subresources.contains(subresource) else { throw Status.unknownPath }
        switch (subresource, request.method) {
        case ("scale", .get), ("scale", .head):
            return .json(try await registry.scale(resource.kind, name).tree)
        case ("scale", .put), ("scale", .patch):
            return try await writeScale(resource, name, request, query, context)
        case ("binding", .post), ("eviction", .post), ("token", .post):
            return try await make(resource, name, subresource, request, query, context)
        case ("binding", _), ("eviction", _), ("token", _): break
        case (_, .get), (_, .head):
            guard subresource != "finalize" else { break }
            return try await reads.get(resource, name, request, query)
        case (_, .put):
            guard let part = Self.part(subresource) else { break }
            return try await writes.update(resource, name, part, request, query, context)
        case (_, .patch):
            guard let part = Self.part(subresource), part != .finalizers else { break }
            return try await writes.patch(resource, name, part, request, query, context)
        default: break
        }
        throw Status.methodNotAllowed
    }

    /// What only the Pod's node has.
    private static let nodeParts: Set<String> = ["log", "exec", "attach", "portforward", "proxy"]

    /// Why there is none of it: this server calls no node.
    ///
    /// - Throws: 404 NotFound, 400 BadRequest where the Pod has not what is asked for (pkg/registry/core/pod/strategy.go).
    private func unreachable(
        _ name: ObjectName, _ subresource: String, _ query: RequestQuery
    ) async throws(Status) -> Status {
        let pod = try await registry.get(.pods, name)
        let names = ["containers", "initContainers", "ephemeralContainers"].flatMap { key in
            (pod[["spec", key]]?.array ?? []).map { $0["name"]?.string ?? "" }
        }
        let wanted = query["container"]
        if !wanted.isEmpty, !names.contains(wanted) {
            throw .badRequest("container \(wanted) is not valid for pod \(name.name)")
        }
        let node = pod[["spec", "nodeName"]]?.string ?? ""
        if node.isEmpty { throw .badRequest("pod \(name.name) does not have a host assigned") }
        return Status(
            code: 503, reason: "ServiceUnavailable",
            message:
                "pods/\(subresource) of \"\(name.name)\" is the kubelet's on node \"\(node)\", which this API server "
                + "does not call: ask there")
    }

    private static func part(_ subresource: String) -> WrittenPart? {
        switch subresource {
        case "status": .status
        case "finalize": .finalizers
        case "ephemeralcontainers": .ephemeralContainers
        default: nil
        }
    }

    private func writeScale(
        _ resource: ServedResource, _ name: ObjectName, _ request: Request, _ query: RequestQuery,
        _ context: APIContext
    ) async throws -> Response {
        let content = try await RequestContent(request, context)
        let isPatch = request.method == .patch
        if isPatch, content.type == WriteHandler.applyPatch {
            let parameters = try WriteParameters(query, request, kind: "PatchOptions", isApply: true)
            let scale = try await registry.applyScale(
                try content.configuration(), to: resource.kind, name, force: query.flag("force") ?? false,
                parameters.options)
            return .json(scale.tree)
        }
        let parameters = try WriteParameters(query, request, kind: isPatch ? "PatchOptions" : "UpdateOptions")
        let kind = GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale")
        let patch = isPatch ? try WriteHandler.patch(content, parameters) : nil
        let given =
            isPatch ? nil : try TypedBody(json: try content.json(), as: kind, validation: parameters.validation)
        var warnings = given?.warnings ?? []
        let scale = try await registry.updateScale(resource.kind, name, parameters.options) { (old) throws(Status) in
            if let given {
                guard given.object.name == name.name else { throw WriteHandler.nameDiffers(given.object, name) }
                return given.object
            }
            guard let patch else { return old }
            let body = try patch.apply(to: old, as: kind)
            warnings = body.warnings
            return body.object
        }
        return .json(scale.tree, warnings: warnings)
    }

    /// What is made below an object: a binding, an eviction, a token.
    private func make(
        _ resource: ServedResource, _ name: ObjectName, _ subresource: String, _ request: Request,
        _ query: RequestQuery, _ context: APIContext
    ) async throws -> Response {
        let content = try await RequestContent(request, context)
        let parameters = try WriteParameters(query, request, kind: "CreateOptions")
        let kind =
            switch subresource {
            case "binding": GroupVersionKind(group: "", version: "v1", kind: "Binding")
            case "eviction": GroupVersionKind(group: "policy", version: "v1", kind: "Eviction")
            default: GroupVersionKind(group: "authentication.k8s.io", version: "v1", kind: "TokenRequest")
            }
        let body = try TypedBody(json: try content.json(), as: kind, validation: parameters.validation)
        let object = body.object
        guard object.namespace.isEmpty || object.namespace == name.namespace else {
            throw Status.badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
        switch subresource {
        case "binding":
            try await registry.bind(name, try PodBinding(object, for: name.name), parameters.options)
        case "eviction":
            guard object.name == name.name else {
                throw Status.badRequest("name in URL does not match name in Eviction object")
            }
            let deletion = try DeleteParameters(object["deleteOptions"] ?? .object(JSONObject()))
            var options = parameters.options
            options.isDryRun = options.isDryRun || deletion.write.isDryRun
            try await registry.evict(name, deletion.deletion, options)
        default:
            return .json(try await token(resource, name, object), status: .created, warnings: body.warnings)
        }
        var status = Status(code: 201, reason: "", message: "")
        status.outcome = "Success"
        return try .json(status, status: .created)
    }

    /// A token for a service account (pkg/registry/core/serviceaccount/storage/token.go).
    private func token(
        _ resource: ServedResource, _ name: ObjectName, _ request: Unstructured
    ) async throws -> JSONValue {
        guard let tokens else { throw Status.unknownPath }
        let account = try resource.kind.decode(try await registry.record(resource.kind, name))
        let seconds = request[["spec", "expirationSeconds"]]?.integer ?? 3600
        let kind = Resource(
            group: "authentication.k8s.io", version: "v1", kind: "TokenRequest", plural: "", isNamespaced: true)
        guard seconds >= 600 else {
            throw Status.invalid(
                kind, name: "",
                [
                    .invalid(
                        "spec.expirationSeconds", JSONValue(seconds), "may not specify a duration less than 10 minutes")
                ])
        }
        let wanted = request[["spec", "audiences"]]?.array?.compactMap(\.string) ?? []
        var claims = ServiceAccountClaims(
            namespace: name.namespace, serviceAccount: .init(name: account.name, uid: account.uid),
            audiences: wanted.isEmpty ? [ServiceAccountTokens.issuer] : wanted,
            lifetimeSeconds: min(seconds, 365 * 24 * 3600))
        try await bind(&claims, to: request[["spec", "boundObjectRef"]], name)
        var answer = request.tree
        answer["metadata"] = [
            "name": .string(name.name), "namespace": .string(name.namespace),
            "creationTimestamp": .string(Timestamp.now.wholeSeconds.text),
        ]
        answer[["spec", "audiences"]] = JSONValue(claims.audiences)
        answer[["spec", "expirationSeconds"]] = JSONValue(seconds)
        answer["status"] = [
            "token": .string(try tokens.sign(claims)),
            "expirationTimestamp": .string(
                Timestamp(microsecondsSinceEpoch: Int64(claims.expiry) * 1_000_000).text),
        ]
        return answer
    }

    /// The object that a token ends with.
    private func bind(
        _ claims: inout ServiceAccountClaims, to reference: JSONValue?, _ name: ObjectName
    ) async throws(Status) {
        guard let reference else { return }
        let kind = reference["kind"]?.string ?? ""
        let resource: Resource
        switch kind {
        case "Pod": resource = .pods
        case "Secret": resource = .secrets
        case "Node": resource = .nodes
        default:
            throw .badRequest(
                "cannot bind token to object of type \(reference["apiVersion"]?.string ?? ""), Kind=\(kind)")
        }
        let bound = try await registry.get(
            resource,
            ObjectName(
                namespace: resource.isNamespaced ? name.namespace : "", name: reference["name"]?.string ?? ""))
        let uid = reference["uid"]?.string ?? ""
        guard uid.isEmpty || uid == bound.uid else {
            throw .conflict(
                resource, name: bound.name,
                cause: "the UID in the bound object reference (\(uid)) does not match the UID in record. The object "
                    + "might have been deleted and then recreated")
        }
        let claim = ServiceAccountClaims.Reference(name: bound.name, uid: bound.uid)
        switch kind {
        case "Pod": claims.pod = claim
        case "Secret": claims.secret = claim
        default: claims.node = claim
        }
    }
}
