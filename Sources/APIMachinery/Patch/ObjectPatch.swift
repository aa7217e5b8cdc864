import KubeAPI

/// A patch of an object, as a client sends it.
package struct ObjectPatch: Sendable {
    /// What the patch's `Content-Type` says.
    package enum Format: String, Sendable, CaseIterable {
        case json = "application/json-patch+json"
        case merge = "application/merge-patch+json"
        case strategic = "application/strategic-merge-patch+json"
    }

    private let format: Format
    private let patch: JSONValue
    private let validation: FieldValidation
    /// `duplicate field "spec.x"` of the patch itself.
    private let problems: [String]

    /// Reads a patch from the body of a request.
    ///
    /// - Throws: 400 BadRequest for what is no patch, 413 for a JSON patch of too many operations.
    package init(_ body: [UInt8], _ format: Format, validation: FieldValidation) throws(Status) {
        self.format = format
        self.validation = validation
        var duplicates: [String] = []
        do throws(DecodeError) {
            patch = try JSONValue(json: body, duplicates: &duplicates)
        } catch {
            throw .badRequest("error decoding patch: \(error)")
        }
        if format != .json, patch.object == nil {
            throw .badRequest(
                "error decoding patch: json: cannot unmarshal \(patch.goKind) into Go value of type "
                    + "map[string]interface {}")
        }
        problems = TypedBody.problems(unknown: [], duplicates: duplicates)
            .map { format == .json ? "json patch \($0)" : $0 }
        guard format == .json else { return }
        let count = try Self.translating { () throws(PatchError) in try JSONPatch(patch).count }
        guard count <= JSONPatch.operationLimit else {
            throw Status(
                code: 413, reason: "RequestEntityTooLarge",
                message: "The allowed maximum operations in a JSON patch is \(JSONPatch.operationLimit), got \(count)")
        }
    }

    /// The object as the patch makes it, normalised, with warnings for the client.
    ///
    /// - Throws: 400 and 422 as the API server answers (apiserver endpoints/handlers/patch.go).
    package func apply(
        to object: Unstructured, as kind: GroupVersionKind, in catalog: SchemaCatalog = .kubernetes
    ) throws(Status) -> TypedBody {
        guard let schema = catalog.schema(of: kind) else {
            throw Status(code: 404, reason: "NotFound", message: "the server could not find the requested resource")
        }
        let patched = try Self.translating { () throws(PatchError) in
            switch format {
            case .json: try JSONPatch(patch).apply(to: object.tree)
            case .merge: MergePatch.apply(patch, to: object.tree)
            case .strategic: try StrategicMergePatch.apply(patch, to: object.tree, as: schema, in: catalog)
            }
        }
        var tree = patched
        let unknown: [String]
        do throws(SchemaCheck.TypeFailure) {
            unknown = try SchemaCheck.normalise(&tree, as: schema, in: catalog)
        } catch {
            throw invalid(error.description, patched)
        }
        let problems = problems + TypedBody.problems(unknown: unknown, duplicates: [])
        if validation == .strict, !problems.isEmpty { throw invalid(TypedBody.strictError(problems), patched) }
        var body = try TypedBody(tree, as: kind, validation: .ignore, catalog: catalog)
        if validation == .warn { body.warnings = problems }
        return body
    }

    /// 422, with what upstream shows of the patch: the patched object, or the strategic patch as Go prints it.
    private func invalid(_ problem: String, _ patched: JSONValue) -> Status {
        let shown = format == .strategic ? patch.goDescription : String(decoding: patched.json, as: UTF8.self)
        let nothing = Resource(group: "", version: "", kind: "", plural: "", isNamespaced: false)
        return .invalid(nothing, name: "", [.invalid("patch", .string(shown), problem)])
    }

    private static func translating<Value>(_ body: () throws(PatchError) -> Value) throws(Status) -> Value {
        do throws(PatchError) { return try body() } catch { throw error.status }
    }
}
