import FoundationEssentials
import KubeAPI

/// `ValidateSecret`, `ValidateSecretUpdate` (pkg/apis/core/validation).
extension SecretRules {
    static func failures(_ secret: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if let old {
            failures += MetadataRules.failures(secret, old, NameSyntax.dns1123Subdomain)
            failures.checkUnchanged("type", secret["type"], old["type"])
            failures += ConfigMapRules.immutabilityFailures(secret, old, ["data"])
        }
        failures += MetadataRules.creationFailures(secret.metadata, isNamespaced: true, NameSyntax.dns1123Subdomain)
        let data = secret.tree.pairs("data")
        for (key, _) in data { failures.check("data[\(key)]", key, NameSyntax.configKey) }
        if data.reduce(0, { $0 + $1.value.decodedByteCount }) > ConfigMapRules.dataLimitBytes {
            failures.append(.tooLong("data", limit: ConfigMapRules.dataLimitBytes))
        }
        return failures + typeFailures(secret)
    }

    /// What a secret of a type must hold.
    private static func typeFailures(_ secret: Unstructured) -> [FieldFailure] {
        let data = secret.tree.map("data")
        func missing(_ keys: String...) -> [FieldFailure] {
            keys.filter { data[$0] == nil }.map { .required("data[\($0)]") }
        }
        switch secret.tree.text("type") {
        case "kubernetes.io/service-account-token":
            let key = "kubernetes.io/service-account.name"
            return secret.annotations[key, default: ""].isEmpty ? [.required("metadata.annotations[\(key)]")] : []
        case "kubernetes.io/dockercfg": return documentFailures(data, ".dockercfg")
        case "kubernetes.io/dockerconfigjson": return documentFailures(data, ".dockerconfigjson")
        case "kubernetes.io/basic-auth":
            return data["username"] == nil && data["password"] == nil ? missing("username", "password") : []
        case "kubernetes.io/ssh-auth":
            return data["ssh-privatekey", default: ""].isEmpty ? [.required("data[ssh-privatekey]")] : []
        case "kubernetes.io/tls": return missing("tls.crt", "tls.key")
        default: return []
        }
    }

    private static func documentFailures(_ data: [String: String], _ key: String) -> [FieldFailure] {
        guard let text = data[key] else { return [.required("data[\(key)]")] }
        let bytes = Data(base64Encoded: text).map { [UInt8]($0) } ?? []
        if (try? JSONValue(json: bytes))?.object != nil { return [] }
        // Upstream tells what its reader of JSON says; this one's words are others.
        return [.invalid("data[\(key)]", "<secret contents redacted>", "expected a JSON object")]
    }
}
