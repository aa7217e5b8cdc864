import KubeAPI

extension OpenAPIDocuments {
    /// What kubectl's `Accept` says where it wants `swaggerProtobuf`, the one form of the Swagger document that it reads.
    package static let swaggerProtobufAccept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
    /// What the answer's `Content-Type` says: a media type may not have the `@` of the request.
    package static let swaggerProtobufContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

    /// The Swagger document as the message `openapi.v2.Document` (github.com/google/gnostic-models
    /// openapiv2/OpenAPIv2.proto, whose field numbers these are).
    package func swaggerProtobuf() -> [UInt8] {
        let tree = swaggerTree()
        var writer = ProtobufWriter()
        writer.string(1, tree["swagger"]?.string ?? "")
        writer.message(2) { info in
            info.string(1, tree["info"]?["title"]?.string ?? "")
            info.string(2, tree["info"]?["version"]?.string ?? "")
        }
        writer.message(8) { paths in
            for path in tree["paths"]?.object ?? JSONObject() {
                paths.named(2, path.key) { $0.pathItem(path.value) }
            }
        }
        writer.message(9) { $0.schemas(tree["definitions"]) }
        return writer.bytes
    }
}

extension ProtobufWriter {
    /// A message of a name and a value.
    fileprivate mutating func named(_ field: Int, _ name: String, _ body: (inout ProtobufWriter) -> Void) {
        message(field) { entry in
            entry.string(1, name)
            entry.message(2, body)
        }
    }

    private mutating func strings(_ field: Int, _ value: JSONValue?) {
        for text in value?.array ?? [] { string(field, text.string ?? "") }
    }

    /// `Any`: a value as YAML, of which JSON is a part.
    private mutating func any(_ field: Int, _ value: JSONValue) {
        message(field) { $0.string(2, String(decoding: value.json, as: UTF8.self)) }
    }

    private mutating func extensions(_ field: Int, of tree: JSONValue) {
        for entry in tree.object ?? JSONObject() where entry.key.hasPrefix("x-") {
            message(field) { named in
                named.string(1, entry.key)
                named.any(2, entry.value)
            }
        }
    }

    fileprivate mutating func schemas(_ tree: JSONValue?) {
        for entry in tree?.object ?? JSONObject() { named(1, entry.key) { $0.schema(entry.value) } }
    }

    private mutating func schema(_ tree: JSONValue) {
        string(1, tree["$ref"]?.string ?? "")
        string(2, tree["format"]?.string ?? "")
        string(4, tree["description"]?.string ?? "")
        strings(19, tree["required"])
        if let values = tree["additionalProperties"] {
            message(21) { $0.message(1) { $0.schema(values) } }
        }
        if let type = tree["type"]?.string { message(22) { $0.string(1, type) } }
        if let items = tree["items"] { message(23) { $0.message(1) { $0.schema(items) } } }
        if let properties = tree["properties"] { message(25) { $0.schemas(properties) } }
        extensions(31, of: tree)
    }

    fileprivate mutating func pathItem(_ tree: JSONValue) {
        for (field, method) in [(2, "get"), (3, "put"), (4, "post"), (5, "delete"), (8, "patch")] {
            if let operation = tree[method] { message(field) { $0.operation(operation) } }
        }
        parameters(9, tree["parameters"])
    }

    private mutating func operation(_ tree: JSONValue) {
        strings(1, tree["tags"])
        string(5, tree["operationId"]?.string ?? "")
        strings(6, tree["produces"])
        strings(7, tree["consumes"])
        parameters(8, tree["parameters"])
        message(9) { responses in
            for response in tree["responses"]?.object ?? JSONObject() {
                responses.named(1, response.key) { value in
                    value.message(1) { inner in
                        inner.string(1, response.value["description"]?.string ?? "")
                        if let schema = response.value["schema"] {
                            inner.message(2) { $0.message(1) { $0.schema(schema) } }
                        }
                    }
                }
            }
        }
        strings(10, tree["schemes"])
        extensions(13, of: tree)
    }

    private mutating func parameters(_ field: Int, _ list: JSONValue?) {
        for parameter in list?.array ?? [] {
            message(field) { $0.message(1) { $0.parameter(parameter) } }
        }
    }

    private mutating func parameter(_ tree: JSONValue) {
        let name = tree["name"]?.string ?? ""
        let place = tree["in"]?.string ?? ""
        let type = tree["type"]?.string ?? ""
        let isRequired = tree["required"]?.bool ?? false
        switch place {
        case "body":
            message(1) { body in
                body.string(2, name)
                body.string(3, place)
                body.bool(4, isRequired)
                body.message(5) { $0.schema(tree["schema"] ?? [:]) }
            }
        case "path":
            message(2) {
                $0.message(4) { path in
                    path.bool(1, isRequired)
                    path.string(2, place)
                    path.string(4, name)
                    path.string(5, type)
                }
            }
        default:
            message(2) {
                $0.message(3) { query in
                    query.bool(1, isRequired)
                    query.string(2, place)
                    query.string(4, name)
                    query.string(6, type)
                }
            }
        }
    }
}
