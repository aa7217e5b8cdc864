import KubeAPI

/// JSON Patch (RFC 6902), with the leniencies and the errors of the library that the API server uses
/// (github.com/evanphx/json-patch v4): indices may count from the end.
package struct JSONPatch: Sendable {
    /// As the API server's `maxJSONPatchOperations`.
    package static let operationLimit = 10_000
    /// How much JSON the copies of one patch may add, as the API server's `JSONPatchMaxCopyBytes`.
    private static let copyLimitBytes = 3 << 20

    private let operations: [Operation]

    private struct Operation: Sendable {
        let name: String
        let path: String?
        let from: String?
        let value: JSONValue
    }

    /// Reads the operations; what they say is looked at when they are applied.
    ///
    /// - Throws: `PatchError.malformed` where the patch is no list of objects.
    package init(_ patch: JSONValue) throws(PatchError) {
        guard let list = patch.array else {
            throw PatchError(
                .malformed, "json: cannot unmarshal \(patch.goKind) into Go value of type jsonpatch.Patch")
        }
        var operations: [Operation] = []
        for entry in list {
            guard entry.object != nil else {
                throw PatchError(
                    .malformed, "json: cannot unmarshal \(entry.goKind) into Go value of type jsonpatch.Operation")
            }
            operations.append(
                Operation(
                    name: entry["op"]?.string ?? "unknown", path: entry["path"]?.string, from: entry["from"]?.string,
                    value: entry["value"] ?? .null))
        }
        self.operations = operations
    }

    /// How many operations there are.
    package var count: Int { operations.count }

    /// The document after all operations, one after the other.
    ///
    /// - Throws: `PatchError.inapplicable` for the first operation that does not fit.
    package func apply(to document: JSONValue) throws(PatchError) -> JSONValue {
        var document = document
        var copiedBytes = 0
        for operation in operations { try apply(operation, to: &document, &copiedBytes) }
        return document
    }

    private func apply(
        _ operation: Operation, to document: inout JSONValue, _ copiedBytes: inout Int
    ) throws(PatchError) {
        let name = operation.name
        guard ["add", "remove", "replace", "move", "copy", "test"].contains(name) else {
            throw PatchError(.inapplicable, "Unexpected kind: \(name)")
        }
        guard let path = operation.path else {
            throw PatchError(.inapplicable, "\(name) operation failed to decode path: missing value")
        }
        let pointer = JSONPointer(path)
        switch name {
        case "add": try document.add(operation.value, at: pointer)
        case "remove": try document.remove(at: pointer)
        case "replace":
            if path.isEmpty {
                guard operation.value.object != nil || operation.value.array != nil else {
                    throw PatchError(.inapplicable, "replace operation value must be object or array")
                }
                document = operation.value
            } else {
                try document.replace(with: operation.value, at: pointer)
            }
        case "test":
            guard try document.value(at: pointer, for: "test") ?? .null == operation.value else {
                throw PatchError(.inapplicable, "testing value \(path) failed: test failed")
            }
        default:
            guard let from = operation.from else {
                throw PatchError(.inapplicable, "\(name) operation failed to decode from: missing value")
            }
            let source = JSONPointer(from)
            guard let value = try document.value(at: source, for: name) else {
                throw PatchError(
                    .inapplicable,
                    "error in \(name) for path: '\(from)': Unable to remove nonexistent key: missing value"
                )
            }
            if name == "move" {
                try document.remove(at: source)
            } else {
                copiedBytes += value.json.count
                guard copiedBytes <= Self.copyLimitBytes else {
                    throw PatchError(
                        .inapplicable,
                        "Unable to complete the copy, the accumulated size increase of copy is \(copiedBytes), exceeding "
                            + "the limit \(Self.copyLimitBytes)")
                }
            }
            try document.add(value, at: pointer)
        }
    }
}
