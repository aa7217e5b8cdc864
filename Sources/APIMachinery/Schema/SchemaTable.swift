/// Schemas of one package as text: a table that people can read and compare, and that costs nothing until it is parsed.
///
/// A line without indent begins a schema, those below it with one blank are its fields, in the order of their names:
///
///     Name [kind] [list] [typed] [atomic] [| documentation]
///      name type[*][!] [word…] [| documentation]
///
/// - `kind`: a kind that is served; `list`: its list is one, too; `typed`: has `apiVersion` and `kind` without being one.
/// - Types: `string`, `bool`, `int32`, `int64`, `number`, `intOrString`, `quantity`, `time`, `microTime`, `bytes`, `any`,
///   a schema (of another package: `meta.ObjectMeta`), `[list]`, `{map}`.
/// - `*`: `FieldSchema.keepsZero`; `!`: required.
/// - Words: `set` and `map(key,…)` (list types), `atomic`, `merge`, `merge(key)`, `retainKeys`, `replace` (patch
///   strategies), `default=…`, `go=…` (`FieldSchema.goType`), `=7` (the field's number in protobuf), `=2.7`
///   (that of field 7 in the message of field 2, whose fields JSON has beside the others).
///
/// The facts are those of upstream's OpenAPI documents (api/openapi-spec), of its Go types (k8s.io/api `types.go`) and of
/// its protobuf messages (`generated.proto`) of Kubernetes 1.36; the documentation is our own.
struct SchemaTable: Sendable {
    let package: SchemaPackage
    let text: String

    init(_ package: SchemaPackage, _ text: String) {
        self.package = package
        self.text = text
    }

    static let all = [
        pod, volume, core, apps, batch, discovery, events, coordination, policy, networking, autoscaling,
        authentication, authorization, meta,
    ]
}
