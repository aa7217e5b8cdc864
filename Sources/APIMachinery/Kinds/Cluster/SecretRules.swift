import FoundationEssentials
import KubeAPI

/// Secrets (upstream's pkg/registry/core/secret).
enum SecretRules {
    static let rules = KindRules(
        resource: Resource(core: "Secret", "secrets"), singular: "secret", setDefaults: setDefaults, prepare: prepare,
        failures: failures, selectableFields: ["type": { $0.tree.text("type") }], columns: ClusterColumns.secret,
        columnFields: FieldMask(["type", "data"]))

    /// What `stringData` says in plain text goes into `data`, before what is there.
    static func setDefaults(_ secret: inout Unstructured) {
        if let texts = secret["stringData"]?.object {
            var data = secret["data"]?.object ?? JSONObject()
            for field in texts {
                data[field.key] = .string(Data((field.value.string ?? "").utf8).base64EncodedString())
            }
            secret["stringData"] = nil
            if !data.isEmpty { secret["data"] = .object(data) }
        }
        if secret.tree.text("type").isEmpty { secret["type"] = "Opaque" }
    }

    /// A secret that is written back without its type keeps it: the default stands for none.
    static func prepare(_ secret: inout Unstructured, _ old: Unstructured?) {
        Preparation.write(&secret, old, first: nil)
        if let old, secret.tree.text("type").isEmpty { secret["type"] = old["type"] }
    }
}
