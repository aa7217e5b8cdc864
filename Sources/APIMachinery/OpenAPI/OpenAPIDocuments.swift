import KubeAPI

/// What `/openapi/v2` and `/openapi/v3` answer: made anew by each call, so keep what is served.
package struct OpenAPIDocuments: Sendable {
    let catalog: SchemaCatalog
    let rows: [KindRules]
    /// `info.version`: what the server says that it is.
    let version: String

    package init(_ rows: [KindRules], version: String, catalog: SchemaCatalog = .kubernetes) {
        self.rows = rows
        self.version = version
        self.catalog = catalog
    }

    /// The paths of `/openapi/v3/…`: `api/v1`, `apis/apps/v1`, in their order.
    package var paths: [String] {
        Set(rows.map(\.resource.path)).sorted()
    }

    /// Where the document of each path is, with a hash of what it says, so that clients may keep it as long as the hash
    /// stays.
    package func index() -> [UInt8] {
        var paths = JSONObject()
        for path in self.paths {
            let hash = Self.hash(document(path) ?? [])
            paths[path] = ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash)")]
        }
        return JSONValue.object(JSONObject(["paths": .object(paths)])).json
    }

    /// The OpenAPI 3.0 document of one group and version; nil where none of its kinds is served.
    package func document(_ path: String) -> [UInt8]? {
        let rows = rows.filter { $0.resource.path == path }
        guard !rows.isEmpty else { return nil }
        let writer = OpenAPIWriter(form: .three, catalog: catalog)
        let paths = OpenAPIPaths(writer: writer)
        let schemas = writer.schemas(reachableFrom: rows.flatMap { paths.kinds(of: $0) })
        let tree: JSONValue = [
            "openapi": "3.0.0", "info": info, "paths": paths.tree(rows),
            "components": ["schemas": .object(schemas)],
        ]
        return tree.json
    }

    /// The Swagger 2.0 document of all kinds.
    package func swagger() -> [UInt8] { swaggerTree().json }

    func swaggerTree() -> JSONValue {
        let writer = OpenAPIWriter(form: .two, catalog: catalog)
        let paths = OpenAPIPaths(writer: writer)
        return [
            "swagger": "2.0", "info": info, "paths": paths.tree(rows),
            "definitions": .object(writer.schemas(reachableFrom: rows.flatMap { paths.kinds(of: $0) })),
        ]
    }

    private var info: JSONValue { ["title": "Kubernetes", "version": .string(version)] }

    /// FNV-1a of 64 bits: tells documents apart, and nobody gains by making two alike.
    private static func hash(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16, uppercase: true)
    }
}

extension Resource {
    /// `api/v1`, `apis/apps/v1`.
    var path: String { group.isEmpty ? "api/\(version)" : "apis/\(group)/\(version)" }

    var groupVersionKind: GroupVersionKind { GroupVersionKind(group: group, version: version, kind: kind) }
}
