import APIMachinery
import FoundationEssentials
import Hummingbird
import KubeAPI
import Manifest
import NIOCore

/// The body of a request, read as a whole. How long a client may take for it is the server's `requestLimit`.
struct RequestContent: Sendable {
    /// As kube-apiserver's `MaxRequestBodyBytes`.
    static let limitBytes = 3 * 1024 * 1024

    static let readableTypes = ["application/json", "application/yaml", ProtobufBody.contentType]

    /// As it was sent; empty where nothing was.
    let bytes: [UInt8]
    /// Without parameters; empty where the request says none.
    let type: String

    /// - Throws: 413 RequestEntityTooLarge; what the connection throws when it is closed.
    init(_ request: Request, _ context: APIContext) async throws {
        let header = request.headers[.contentType] ?? ""
        type = header.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        do {
            let buffer = try await request.body.collect(upTo: Self.limitBytes)
            bytes = Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Status.tooLargeBody(limitBytes: Self.limitBytes)
        }
    }

    /// The body as JSON text.
    ///
    /// - Throws: 400 BadRequest for YAML that is none, 415 UnsupportedMediaType.
    func json() throws(Status) -> [UInt8] {
        switch type {
        case "", "application/json": return bytes
        case "application/yaml": return try yamlAsJSON()
        case ProtobufBody.contentType: return try ProtobufBody.json(bytes)
        default: throw .unsupportedMediaType(Self.readableTypes)
        }
    }

    /// The body, which is YAML, as JSON text.
    ///
    /// - Throws: 400 BadRequest.
    func yamlAsJSON() throws(Status) -> [UInt8] {
        do throws(ManifestError) {
            let text = String(decoding: bytes, as: UTF8.self)
            guard let document = try YAMLDocument(of: text, name: "body") else { return [] }
            return [UInt8](document.json)
        } catch {
            throw .badRequest("error converting YAML to JSON: \(error.problem)")
        }
    }
}

extension RequestContent {
    /// The body as what is to be applied.
    ///
    /// - Throws: 400 BadRequest.
    func configuration() throws(Status) -> JSONValue {
        let text = try yamlAsJSON()
        do throws(DecodeError) {
            return try JSONValue(json: text)
        } catch {
            throw .badRequest("error decoding YAML: \(error)")
        }
    }
}

/// The parameters of a write (meta/v1 `CreateOptions`, `UpdateOptions`, `PatchOptions`), checked as upstream checks them.
struct WriteParameters: Sendable {
    let options: WriteOptions
    let validation: FieldValidation

    /// `kind` is what upstream calls them in its answer.
    ///
    /// - Throws: 422 Invalid.
    init(_ query: RequestQuery, _ request: Request, kind: String, isApply: Bool = false) throws(Status) {
        var failures = Self.dryRunFailures(query.all("dryRun"))
        let validation = query["fieldValidation"]
        if !["", "Ignore", "Strict", "Warn"].contains(validation) {
            failures.append(
                .unsupported("fieldValidation", .string(validation), ["", "Ignore", "Strict", "Warn"]))
        }
        let manager = query["fieldManager"]
        if manager.utf8.count > 128 { failures.insert(.tooLong("fieldManager", limit: 128), at: 0) }
        if isApply, manager.isEmpty { failures.insert(.required("fieldManager", "is required for apply patch"), at: 0) }
        if !isApply, kind == "PatchOptions", !query["force"].isEmpty {
            failures.insert(.forbidden("force", "may not be specified for non-apply patch"), at: 0)
        }
        guard failures.isEmpty else { throw .invalidOptions(kind, failures.map(\.cause)) }
        self.validation = FieldValidation(rawValue: validation) ?? .warn
        options = WriteOptions(
            isDryRun: !query["dryRun"].isEmpty,
            // The first word of the client's own name, as upstream has it.
            fieldManager: manager.isEmpty
                ? String((request.headers[.userAgent] ?? "unknown").prefix { $0 != "/" }) : manager)
    }

    static func dryRunFailures(_ values: [String]) -> [FieldFailure] {
        values.allSatisfy { $0 == "All" } ? [] : [.unsupported("dryRun", JSONValue(values), ["All"])]
    }
}

/// The parameters of a deletion (meta/v1 `DeleteOptions`): the body, or where there is none the query.
struct DeleteParameters: Sendable {
    let deletion: DeletionOptions
    let write: WriteOptions
    /// The old way to ask for background deletion, which is answered with 202 while it goes on.
    let isAnsweredWithAccepted: Bool

    /// - Throws: 400 BadRequest, 415, 422 Invalid.
    init(_ content: RequestContent, _ query: RequestQuery) throws(Status) {
        let text = try content.bytes.isEmpty ? [] : content.json()
        var tree = JSONValue.object(JSONObject())
        if text.isEmpty {
            for name in ["propagationPolicy", "gracePeriodSeconds", "orphanDependents"] where !query[name].isEmpty {
                tree[name] = Int(query[name]).map { JSONValue($0) } ?? .string(query[name])
            }
            if !query["orphanDependents"].isEmpty {
                tree["orphanDependents"] = JSONValue(query.flag("orphanDependents") ?? false)
            }
            if !query["dryRun"].isEmpty { tree["dryRun"] = JSONValue(query.all("dryRun")) }
        } else {
            do throws(DecodeError) {
                tree = try JSONValue(json: text)
            } catch {
                throw .badRequest("couldn't get version/kind; json parse error: \(error)")
            }
            let kind = tree["kind"]?.string ?? "DeleteOptions"
            guard tree.object != nil, kind == "DeleteOptions" else {
                throw .badRequest("decoded object cannot be converted to DeleteOptions")
            }
        }
        try self.init(tree)
    }

    /// - Throws: 422 Invalid.
    init(_ tree: JSONValue) throws(Status) {
        let orphans = tree["orphanDependents"]?.bool
        let policy = tree["propagationPolicy"]?.string ?? ""
        let dryRun = tree["dryRun"]?.array?.compactMap(\.string) ?? []
        var failures: [FieldFailure] = []
        if orphans != nil, !policy.isEmpty {
            failures.append(
                .invalid(
                    "propagationPolicy", .string(policy),
                    "orphanDependents and deletionPropagation cannot be both set"))
        }
        let propagation = DeletionOptions.Propagation(rawValue: policy)
        if propagation == nil, !policy.isEmpty {
            failures.append(
                .unsupported("propagationPolicy", .string(policy), ["Foreground", "Background", "Orphan", "nil"]))
        }
        failures += WriteParameters.dryRunFailures(dryRun)
        guard failures.isEmpty else { throw .invalidOptions("DeleteOptions", failures.map(\.cause)) }
        deletion = DeletionOptions(
            propagation: propagation ?? orphans.map { $0 ? .orphan : .background },
            gracePeriodSeconds: tree["gracePeriodSeconds"]?.integer,
            uid: tree[["preconditions", "uid"]]?.string,
            resourceVersion: tree[["preconditions", "resourceVersion"]]?.string)
        write = WriteOptions(isDryRun: !dryRun.isEmpty)
        isAnsweredWithAccepted = orphans == false
    }
}
