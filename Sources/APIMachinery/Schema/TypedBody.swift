import KubeAPI

/// What becomes of fields that a kind does not have, and of keys that appear twice (the query parameter
/// `fieldValidation`).
package enum FieldValidation: String, Sendable {
    case strict = "Strict"
    case warn = "Warn"
    case ignore = "Ignore"
}

/// An object as a client sent it, read as its kind.
package struct TypedBody: Sendable {
    package var object: Unstructured
    /// For `Warning` headers: `unknown field "spec.foo"`.
    package var warnings: [String] = []

    /// Reads an object of a kind. Where the body does not say what it is, it is of that kind.
    ///
    /// - Throws: 400 BadRequest, in upstream's words (apiserver endpoints/handlers `transformDecodeError`).
    package init(
        json bytes: [UInt8], as kind: GroupVersionKind, validation: FieldValidation = .warn,
        catalog: SchemaCatalog = .kubernetes
    ) throws(Status) {
        var duplicates: [String] = []
        let tree: JSONValue
        do throws(DecodeError) {
            tree = try JSONValue(json: bytes, duplicates: &duplicates)
        } catch {
            throw .badRequest(
                "the object provided is unrecognized (must be of type \(kind.kind)): couldn't get version/kind; "
                    + "json parse error: \(error) (\(Self.summary(of: bytes)))")
        }
        try self.init(tree, as: kind, validation: validation, duplicates: duplicates, catalog: catalog)
    }

    /// As `init(json:)`, of a tree that was read already.
    package init(
        _ tree: JSONValue, as kind: GroupVersionKind, validation: FieldValidation = .warn, duplicates: [String] = [],
        catalog: SchemaCatalog = .kubernetes
    ) throws(Status) {
        var tree = tree
        let found = GroupVersionKind(of: tree, orElse: kind)
        guard found.apiVersion == kind.apiVersion else {
            throw .badRequest(
                "the API version in the data (\(found.apiVersion)) does not match the expected API version "
                    + "(\(kind.apiVersion))")
        }
        guard found.kind == kind.kind, let schema = catalog.schema(of: kind) else {
            throw .badRequest(
                "\(found.kind) in version \"\(found.version)\" cannot be handled as a \(kind.kind): no kind "
                    + "\"\(found.kind)\" is registered for version \"\(found.apiVersion)\"")
        }
        let problems: [String]
        do throws(SchemaCheck.TypeFailure) {
            let unknown = try SchemaCheck.normalise(&tree, as: schema, in: catalog)
            problems = Self.problems(unknown: unknown, duplicates: duplicates)
        } catch {
            throw .cannotBeHandled(kind, "\(error)")
        }
        if !problems.isEmpty {
            switch validation {
            case .strict: throw .cannotBeHandled(kind, Self.strictError(problems))
            case .warn: warnings = problems
            case .ignore: break
            }
        }
        tree["apiVersion"] = .string(kind.apiVersion)
        tree["kind"] = .string(kind.kind)
        do throws(DecodeError) {
            object = try Unstructured(tree)
        } catch {
            throw .badRequest(error.description)
        }
    }

    /// `unknown field "spec.foo"`, `duplicate field "spec.bar"`.
    package static func problems(unknown: [String], duplicates: [String]) -> [String] {
        unknown.map { "unknown field \"\($0)\"" } + duplicates.map { "duplicate field \"\($0)\"" }
    }

    /// What the answer says where the client wants problems refused.
    package static func strictError(_ problems: [String]) -> String {
        "strict decoding error: \(problems.joined(separator: ", "))"
    }

    /// The first bytes, as upstream's error shows them.
    private static func summary(of bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(30), as: UTF8.self).quotable + (bytes.count > 30 ? " ..." : "")
    }
}

extension GroupVersionKind {
    /// `v1` or `apps/v1`.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// What an object says that it is; what it does not say is that of `other`.
    package init(of tree: JSONValue, orElse other: GroupVersionKind) {
        let kind = tree["kind"]?.string ?? ""
        let apiVersion = tree["apiVersion"]?.string ?? ""
        let parts = apiVersion.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        self.init(
            group: apiVersion.isEmpty ? other.group : parts.count == 2 ? parts[0] : "",
            version: apiVersion.isEmpty ? other.version : parts.count == 2 ? parts[1] : parts[0],
            kind: kind.isEmpty ? other.kind : kind)
    }
}

extension Status {
    fileprivate static func cannotBeHandled(_ kind: GroupVersionKind, _ cause: String) -> Status {
        .badRequest("\(kind.kind) in version \"\(kind.version)\" cannot be handled as a \(kind.kind): \(cause)")
    }
}
