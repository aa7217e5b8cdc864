import KubeAPI

/// The answer to `kubectl get`: a meta.k8s.io/v1 `Table`, written row by row, so that nobody has to hold the objects of a
/// large list at once.
package struct TableDocument: Sendable {
    /// What of its object a row carries (`includeObject`).
    package enum Inclusion: String, Sendable {
        case none = "None"
        /// Only the metadata, as `PartialObjectMetadata`; what applies where a request says nothing.
        case metadata = "Metadata"
        case object = "Object"
    }

    package let rules: KindRules
    package let inclusion: Inclusion
    /// Ages are counted to this time.
    package let now: Timestamp
    /// What the rows are made from; nil for whole objects.
    private let mask: FieldMask?

    package init(_ rules: KindRules, inclusion: Inclusion, now: Timestamp) {
        self.rules = rules
        self.inclusion = inclusion
        self.now = now
        mask =
            inclusion == .object
            ? nil : rules.columnFields?.adding(["apiVersion", "kind"] + Self.metadata.map { "metadata.\($0)" })
    }

    /// What columns may read of the metadata: all but the long ones.
    private static let metadata = [
        "name", "namespace", "labels", "annotations", "creationTimestamp", "deletionTimestamp", "generation",
        "ownerReferences",
    ]

    /// What stands before the first row: kind, metadata, column definitions. A watch sends the definitions once.
    ///
    /// - Parameters:
    ///   - metadata: the list's (`resourceVersion`, `continue`, `remainingItemCount`); of a single object its
    ///     `resourceVersion`.
    package func appendHead(metadata: JSONObject, withColumns: Bool = true, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #"{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":"#.utf8)
        JSONValue.object(metadata).write(to: &bytes)
        bytes.append(contentsOf: #","columnDefinitions":"#.utf8)
        JSONValue.array(withColumns ? rules.columns.map(\.definition) : []).write(to: &bytes)
        bytes.append(contentsOf: #","rows":["#.utf8)
    }

    /// A row; rows are separated by commas.
    package func appendRow(_ object: Unstructured, to bytes: inout [UInt8]) {
        appendRow(object, to: &bytes) { object.metadata.write(to: &$0) }
    }

    /// - Parameter writeMetadata: appends the object's metadata.
    private func appendRow(
        _ object: Unstructured, to bytes: inout [UInt8], writeMetadata: (inout [UInt8]) -> Void
    ) {
        bytes.append(contentsOf: #"{"cells":["#.utf8)
        for (index, cell) in rules.cells(of: object, now: now).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            cell.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        let conditions = rules.rowConditions(object)
        if !conditions.isEmpty {
            bytes.append(contentsOf: #","conditions":"#.utf8)
            JSONValue.array(conditions).write(to: &bytes)
        }
        bytes.append(contentsOf: #","object":"#.utf8)
        switch inclusion {
        case .none: bytes.append(contentsOf: "null".utf8)
        case .object: object.tree.write(to: &bytes)
        case .metadata:
            bytes.append(contentsOf: #"{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":"#.utf8)
            writeMetadata(&bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// A row of an object as JSON text without white space, of which only what the row shows is read, and whose metadata is
    /// passed on as it stands there.
    ///
    /// - Parameters:
    ///   - metadataStart: where in the text the metadata begins, with its brace.
    ///   - resourceVersion: what the store knows of the version of the object, which the text does not say.
    /// - Throws: `DecodeError` where the text is no JSON object.
    package func appendRow(
        json: Span<UInt8>, metadataStart: Int, resourceVersion: String, to bytes: inout [UInt8]
    ) throws(DecodeError) {
        let tree = if let mask { try JSONValue(json: json, keeping: mask) } else { try JSONValue(json: json) }
        var object = try Unstructured(tree)
        guard inclusion == .metadata else {
            if inclusion == .object { object.resourceVersion = resourceVersion }
            return appendRow(object, to: &bytes)
        }
        let metadata = MetadataText(of: json, from: metadataStart)
        appendRow(object, to: &bytes) { metadata.append(of: json, resourceVersion: resourceVersion, to: &$0) }
    }

    package func appendTail(to bytes: inout [UInt8]) { bytes.append(contentsOf: "]}".utf8) }

    /// The whole table of a few objects, or of one.
    package func json(metadata: JSONObject, _ objects: [Unstructured], withColumns: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        appendHead(metadata: metadata, withColumns: withColumns, to: &bytes)
        for (index, object) in objects.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            appendRow(object, to: &bytes)
        }
        appendTail(to: &bytes)
        return bytes
    }
}

extension TableColumn {
    /// `TableColumnDefinition`.
    fileprivate var definition: JSONValue {
        [
            "name": .string(name), "type": .string(type), "format": .string(format),
            "description": .string(documentation), "priority": JSONValue(priority),
        ]
    }
}
