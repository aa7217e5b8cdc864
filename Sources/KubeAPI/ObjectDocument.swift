import FoundationEssentials

/// A JSON document of one object, or of a list of them (`v1 List`, or the list of a kind such as `ServiceList`),
/// unfolded. An object that is wrong does not hide the others.
package struct ObjectDocument: Sendable {
    package struct Entry: Sendable {
        /// Where the object stands in the document: empty, or `items[3]`.
        package let path: FieldPath
        /// "Service default/web", as far as it can be told; nil where nothing is known.
        package let reference: String?
        /// The object, or why it is none, with the field path seen from the object. A namespaced object has a namespace,
        /// another one has none.
        package let object: Result<AnyKubernetesObject, DecodeError>
    }

    package let entries: [Entry]

    /// `defaultNamespace` is given to namespaced objects that name none.
    /// Throws `DecodeError` where the document as a whole cannot be read.
    package init(json data: Data, defaultNamespace: String) throws(DecodeError) {
        let attempts = try JSON.decode(Attempts.self, from: data)
        entries = attempts.list.map { attempt in
            var header = attempt.header
            header.namespace = Self.namespace(header.namespace, of: header.resource, default: defaultNamespace)
            return Entry(
                path: attempt.path, reference: header.reference,
                object: attempt.object
                    .map { object in
                        var object = object
                        object.metadata.namespace = Self.namespace(
                            object.metadata.namespace, of: object.resource, default: defaultNamespace)
                        return object
                    }
                    .mapError { DecodeError($0, in: data).relative(to: attempt.path) })
        }
    }

    private static func namespace(_ given: String, of resource: Resource?, default: String) -> String {
        guard let resource else { return given }
        return resource.isNamespaced ? given.isEmpty ? `default` : given : ""
    }
}

extension DecodeError {
    fileprivate func relative(to base: FieldPath) -> DecodeError {
        guard case .field(let error) = self else { return self }
        return .field(FieldError(path: error.path.relative(to: base), problem: error.problem))
    }
}

/// What came of decoding each object of a document.
private struct Attempts: Decodable {
    struct Attempt {
        let path: FieldPath
        let header: ObjectHeader
        let object: Result<AnyKubernetesObject, any Error>
    }

    private(set) var list: [Attempt] = []

    private enum ListKey: CodingKey {
        case items
    }

    init(from decoder: any Decoder) throws {
        _ = try decoder.container(keyedBy: ListKey.self)
        try add(decoder, ObjectHeader(from: decoder))
    }

    private mutating func add(_ decoder: any Decoder, _ header: ObjectHeader) throws {
        if let itemKind = header.itemKind {
            try addItems(of: decoder, itemKind: itemKind, apiVersion: header.apiVersion)
            return
        }
        let object = Result {
            try header.check(at: decoder.codingPath)
            return try AnyKubernetesObject(from: decoder, as: header)
        }
        list.append(Attempt(path: FieldPath(decoder.codingPath), header: header, object: object))
    }

    private mutating func addItems(of decoder: any Decoder, itemKind: String, apiVersion: String) throws {
        let fields = try decoder.container(keyedBy: ListKey.self)
        guard fields.contains(.items), try !fields.decodeNil(forKey: .items) else { return }
        var items = try fields.nestedUnkeyedContainer(forKey: .items)
        while !items.isAtEnd {
            let item = try items.superDecoder()
            var header = ObjectHeader(from: item)
            if !itemKind.isEmpty {
                if header.kind.isEmpty { header.kind = itemKind }
                if header.apiVersion.isEmpty { header.apiVersion = apiVersion }
            }
            try add(item, header)
        }
    }
}

extension ObjectHeader {
    /// The kind of a list's items: empty where each item names its own; nil where this is no list.
    fileprivate var itemKind: String? {
        if kind == "List" && apiVersion == "v1" { return "" }
        return AnyKubernetesObject.resources
            .first { $0.kind + "List" == kind && $0.apiVersion == apiVersion }?.kind
    }
}
