import KubeAPI

/// `ValidateConfigMap`, `ValidateConfigMapUpdate` (pkg/apis/core/validation).
extension ConfigMapRules {
    /// Of a ConfigMap and of a Secret.
    static let dataLimitBytes = 1 << 20

    static func failures(_ map: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if let old {
            failures += MetadataRules.failures(map, old, NameSyntax.dns1123Subdomain)
            failures += immutabilityFailures(map, old, ["data", "binaryData"])
        }
        failures += MetadataRules.creationFailures(map.metadata, isNamespaced: true, NameSyntax.dns1123Subdomain)
        let (texts, bytes) = (map.tree.pairs("data"), map.tree.pairs("binaryData"))
        let binaryKeys = Set(bytes.map(\.key))
        for (key, _) in texts {
            failures.check("data[\(key)]", key, NameSyntax.configKey)
            if binaryKeys.contains(key) {
                failures.append(
                    .invalid("data[\(key)]", .string(key), "duplicate of key present in binaryData"))
            }
        }
        for (key, _) in bytes { failures.check("binaryData[\(key)]", key, NameSyntax.configKey) }
        let size = texts.reduce(0) { $0 + $1.value.utf8.count } + bytes.reduce(0) { $0 + $1.value.decodedByteCount }
        // So upstream names the object as a whole.
        if size > dataLimitBytes { failures.append(.tooLong("[]", limit: dataLimitBytes)) }
        return failures
    }

    /// What is said to be immutable stays so, with all that it holds.
    static func immutabilityFailures(_ map: Unstructured, _ old: Unstructured, _ keys: [String]) -> [FieldFailure] {
        guard old.tree.flag("immutable") else { return [] }
        let detail = "field is immutable when `immutable` is set"
        var failures: [FieldFailure] = []
        if !map.tree.flag("immutable") { failures.append(.forbidden("immutable", detail)) }
        for key in keys where !(map[key] ?? .null).says(theSameAs: old[key]) {
            failures.append(.forbidden(key, detail))
        }
        return failures
    }
}

extension String {
    /// How many bytes base64 text stands for.
    var decodedByteCount: Int { utf8.count / 4 * 3 - utf8.suffix(2).filter { $0 == UInt8(ascii: "=") }.count }
}
