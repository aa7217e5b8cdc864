import APIMachinery
import FoundationEssentials
import KubeAPI
import Storage

extension Registry {
    /// How many names are tried for an object with `generateName`.
    private static let nameAttemptLimit = 8

    /// Adds an object, whose namespace must be that of the request.
    ///
    /// - Throws: 403 and 404 for its namespace, 409 AlreadyExists, 422 Invalid.
    package func create(
        _ object: Unstructured, of kind: ServedKind, _ options: WriteOptions = WriteOptions()
    ) async throws(Status) -> ObjectRecord {
        try await checkNamespace(of: object, kind)
        guard object.resourceVersion.isEmpty else {
            throw Status(code: 500, reason: "", message: "resourceVersion should not be set on objects to be created")
        }
        let beginning = object.name.isEmpty ? object.generateName : ""
        guard !beginning.isEmpty else { return try await createNamed(object, of: kind, options) }
        var object = object
        for _ in 1..<Self.nameAttemptLimit {
            object.name = GeneratedName.make(beginning)
            do throws(Status) {
                return try await createNamed(object, of: kind, options)
            } catch {
                guard error.reason == "AlreadyExists" else { throw error }
            }
        }
        throw .generatedNameTaken(kind.resource, name: object.name)
    }

    /// Adds an object that has its name.
    func createNamed(
        _ given: Unstructured, of kind: ServedKind, _ options: WriteOptions
    ) async throws(Status) -> ObjectRecord {
        var object = given
        Self.fillSystemFields(&object, of: kind)
        try await admit(&object, of: kind)
        // Until the end of the write nobody else is given what it takes.
        let hold = try prepare(&object, replacing: nil, of: kind, options)
        defer { withExtendedLifetime(hold) {} }
        let value = kind.encode(object)
        let key = kind.key(object.objectName)
        if options.isDryRun {
            guard try await pair(kind, object.objectName) == nil else {
                throw .alreadyExists(kind.resource, name: object.name)
            }
            return ObjectRecord(value: value, revision: 0)
        }
        let addresses = try await addressWrites(of: object, replacing: nil, kind)
        do throws(StorageError) {
            let result = try await store.commit(
                Transaction(if: [.absent(key)] + addresses.conditions, [.put(key, value)] + addresses.operations))
            return ObjectRecord(value: value, revision: result.revision)
        } catch {
            guard case .conflict(let place, _, let found) = error else { throw error.status }
            guard place == key else { throw .conflict(.ipAddresses, name: object.name) }
            var status = Status.alreadyExists(kind.resource, name: object.name)
            if let found, let existing = try? kind.decode(found), existing.deletionTimestamp != nil {
                status.message = "object is being deleted: \(status.message)"
            }
            throw status
        }
    }

    /// Applies the rules of the kind, and gives a Service what it needs.
    ///
    /// - Returns: what holds a Service's addresses and ports until it is stored.
    func prepare(
        _ object: inout Unstructured, replacing old: Unstructured?, of kind: ServedKind, _ options: WriteOptions
    ) throws(Status) -> ClaimHold? {
        let rules = kind.rules
        rules.setDefaults(&object)
        kind.recordOwner(&object, replacing: old, options.subresource, options)
        rules.prepare(&object, old)
        let isService = rules.resource.plural == "services" && rules.resource.group.isEmpty
        if isService { try allocator.resolveFamilies(&object, replacing: old, kind.resource) }
        // What is allocated is checked with the rest (`BeginCreate` comes before `BeforeCreate` upstream).
        let hold = isService ? try allocator.allocate(&object, kind.resource) : nil
        let failures = rules.failures(object, old)
        guard failures.isEmpty else { throw .invalid(kind.resource, name: object.name, failures) }
        return hold
    }

    /// `WipeObjectMetaSystemFields` and `FillObjectMetaSystemFields` (registry/rest/meta.go).
    static func fillSystemFields(_ object: inout Unstructured, of kind: ServedKind) {
        var metadata = object["metadata"] ?? .object(JSONObject())
        for key in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion"] {
            metadata[key] = nil
        }
        metadata["uid"] = .string(UUID().uuidString.lowercased())
        metadata["creationTimestamp"] = .string(Timestamp.now.wholeSeconds.text)
        if !kind.resource.isNamespaced { metadata["namespace"] = nil }
        object["metadata"] = metadata
        object["apiVersion"] = .string(kind.resource.apiVersion)
        object["kind"] = .string(kind.resource.kind)
    }

    private static let terminating = Array("\"Terminating\"".utf8)

    /// The namespace must be there, and not be ending (admission/plugin/namespace/lifecycle).
    private func checkNamespace(of object: Unstructured, _ kind: ServedKind) async throws(Status) {
        guard kind.resource.isNamespaced else { return }
        let namespaces = try self.kind(.namespaces)
        // Without one the rules of the metadata say what is wrong.
        guard !object.namespace.isEmpty else { return }
        guard let pair = try await pair(namespaces, ObjectName(namespace: "", name: object.namespace)) else {
            throw .notFound(.namespaces, name: object.namespace)
        }
        // Hardly any is: to look for the word costs less than to read the object.
        guard pair.value.contains(Self.terminating) else { return }
        guard try namespaces.decode(pair)[["status", "phase"]] == "Terminating" else { return }
        let name = [object.name, object.generateName, "Unknown"].first { !$0.isEmpty } ?? ""
        throw .namespaceTerminating(kind.resource, name: name, namespace: object.namespace)
    }
}

extension [UInt8] {
    /// Whether these bytes stand somewhere in this. Without the generic search, which takes a fifth of a write's time.
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        guard let first = other.first, count >= other.count else { return false }
        next: for start in 0...(count - other.count) where self[start] == first {
            for index in 1..<other.count where self[start + index] != other[index] { continue next }
            return true
        }
        return false
    }
}
