import KubeAPI

/// JSON Merge Patch (RFC 7386).
package enum MergePatch {
    /// Objects are merged field by field and null removes a field; everything else takes the place of what is there.
    package static func apply(_ patch: JSONValue, to value: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var result = value.object ?? JSONObject()
        for change in changes {
            result[change.key] =
                change.value.isNull ? nil : apply(change.value, to: result[change.key] ?? .null)
        }
        return .object(result)
    }
}
