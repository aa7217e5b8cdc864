import APIMachinery
import Hummingbird
import KubeAPI
import NIOCore

/// Writes of whole objects: POST, PUT, PATCH, DELETE.
struct WriteHandler: Sendable {
    let registry: Registry
    let reads: ReadHandler

    /// - Throws: `Status`.
    func create(
        _ resource: ServedResource, namespace: String?, _ request: Request, _ query: RequestQuery,
        _ context: APIContext
    ) async throws -> Response {
        let representation = try Representation(accept: request.headers[.accept], query)
        let content = try await RequestContent(request, context)
        let parameters = try WriteParameters(query, request, kind: "CreateOptions")
        var body = try TypedBody(
            json: try content.json(), as: resource.groupVersionKind, validation: parameters.validation)
        try Self.place(&body.object, in: namespace, of: resource)
        let record = try await registry.create(body.object, of: resource.kind, parameters.options)
        return .json(
            try resource.kind.text(record, as: representation), status: .created, warnings: body.warnings)
    }

    /// PUT of an object, or of its part.
    ///
    /// - Throws: `Status`.
    func update(
        _ resource: ServedResource, _ name: ObjectName, _ part: WrittenPart, _ request: Request,
        _ query: RequestQuery, _ context: APIContext
    ) async throws -> Response {
        let representation = try Representation(accept: request.headers[.accept], query)
        let content = try await RequestContent(request, context)
        let parameters = try WriteParameters(query, request, kind: "UpdateOptions")
        var body = try TypedBody(
            json: try content.json(), as: resource.groupVersionKind, validation: parameters.validation)
        try Self.place(&body.object, in: name.namespace, of: resource)
        guard body.object.name == name.name else { throw Self.nameDiffers(body.object, name) }
        let object = body.object
        let result = try await registry.update(resource.kind, name, part, parameters.options) { _ in object }
        return .json(
            try resource.kind.text(result.record, as: representation), status: result.isNew ? .created : .ok,
            warnings: body.warnings)
    }

    /// PATCH of an object, or of its part.
    ///
    /// - Throws: `Status`.
    func patch(
        _ resource: ServedResource, _ name: ObjectName, _ part: WrittenPart, _ request: Request,
        _ query: RequestQuery, _ context: APIContext
    ) async throws -> Response {
        let representation = try Representation(accept: request.headers[.accept], query)
        let content = try await RequestContent(request, context)
        if content.type == Self.applyPatch {
            return try await apply(resource, name, part, content, request, query)
        }
        let parameters = try WriteParameters(query, request, kind: "PatchOptions")
        let patch = try Self.patch(content, parameters)
        var warnings: [String] = []
        let result = try await registry.update(resource.kind, name, part, parameters.options) { (old) throws(Status) in
            guard let old else { throw .notFound(resource.resource, name: name.name) }
            let body = try patch.apply(to: old, as: resource.groupVersionKind)
            guard body.object.name == name.name else { throw Self.nameDiffers(body.object, name) }
            warnings = body.warnings
            return body.object
        }
        return .json(try resource.kind.text(result.record, as: representation), warnings: warnings)
    }

    /// Server-side apply.
    static let applyPatch = "application/apply-patch+yaml"

    private func apply(
        _ resource: ServedResource, _ name: ObjectName, _ part: WrittenPart, _ content: RequestContent,
        _ request: Request, _ query: RequestQuery
    ) async throws -> Response {
        let representation = try Representation(accept: request.headers[.accept], query)
        guard part == .object || part == .status else {
            throw Status.unsupportedMediaType(ObjectPatch.Format.allCases.map(\.rawValue))
        }
        let parameters = try WriteParameters(query, request, kind: "PatchOptions", isApply: true)
        let result = try await registry.apply(
            try content.configuration(), to: resource.kind, name, part, force: query.flag("force") ?? false,
            parameters.options)
        return .json(
            try resource.kind.text(result.record, as: representation), status: result.isNew ? .created : .ok)
    }

    /// The formats of patches other than server-side apply.
    static func patch(_ content: RequestContent, _ parameters: WriteParameters) throws(Status) -> ObjectPatch {
        guard let format = ObjectPatch.Format(rawValue: content.type) else {
            throw .unsupportedMediaType(ObjectPatch.Format.allCases.map(\.rawValue) + [applyPatch])
        }
        return try ObjectPatch(content.bytes, format, validation: parameters.validation)
    }

    /// - Throws: `Status`.
    func delete(
        _ resource: ServedResource, _ name: ObjectName, _ request: Request, _ query: RequestQuery,
        _ context: APIContext
    ) async throws -> Response {
        let representation = try Representation(accept: request.headers[.accept], query)
        let parameters = try DeleteParameters(try await RequestContent(request, context), query)
        let deletion = try await registry.delete(resource.kind, name, parameters.deletion, parameters.write)
        switch deletion {
        case .pending(let record):
            let status: HTTPResponse.Status = parameters.isAnsweredWithAccepted ? .accepted : .ok
            return .json(try resource.kind.text(record, as: representation), status: status)
        case .done(let record, let uid), .unchanged(let record, let uid):
            if resource.returnsDeletedObject { return .json(try resource.kind.text(record, as: representation)) }
            var status = Status(code: 0, reason: "", message: "")
            status.outcome = "Success"
            var details = Status.Details(
                name: name.name, group: resource.resource.group, kind: resource.resource.plural)
            details.uid = uid
            status.details = details
            return try .json(status)
        }
    }

    /// Deletes what a list would show, one after the other.
    ///
    /// - Throws: `Status`.
    func deleteCollection(
        _ resource: ServedResource, namespace: String?, _ request: Request, _ query: RequestQuery,
        _ context: APIContext
    ) async throws -> Response {
        let representation = try Representation(accept: request.headers[.accept], query)
        let options = try ReadOptions(query, of: resource, isWatch: false)
        let parameters = try DeleteParameters(try await RequestContent(request, context), query)
        let page = try await reads.page(resource, namespace: namespace, options)
        for pair in page.pairs {
            do throws(Status) {
                _ = try await registry.delete(
                    resource.kind, resource.kind.name(ofKey: pair.key), parameters.deletion, parameters.write)
            } catch {
                guard error.code == 404 else { throw error }
            }
        }
        return ListBody(
            kind: resource.kind, page: page, representation: representation, showsRemaining: true,
            channel: context.channel, drainLimit: reads.drainLimit
        ).response
    }

    /// The namespace of the request is that of the object (registry/rest/meta.go).
    private static func place(
        _ object: inout Unstructured, in namespace: String?, of resource: ServedResource
    ) throws(Status) {
        guard resource.resource.isNamespaced else {
            object.namespace = ""
            return
        }
        let wanted = namespace ?? ""
        guard object.namespace.isEmpty || object.namespace == wanted else {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
        object.namespace = wanted
    }

    static func nameDiffers(_ object: Unstructured, _ name: ObjectName) -> Status {
        .badRequest(
            "the name of the object (\(object.name)) does not match the name on the URL (\(name.name))")
    }
}

extension ServedResource {
    var groupVersionKind: GroupVersionKind {
        GroupVersionKind(group: resource.group, version: resource.version, kind: resource.kind)
    }

    /// Whether a deletion is answered with the object, not with a `Status` (upstream's `ReturnDeletedObject`).
    var returnsDeletedObject: Bool {
        resource.group.isEmpty && ["namespaces", "pods", "services", "serviceaccounts"].contains(resource.plural)
    }
}
