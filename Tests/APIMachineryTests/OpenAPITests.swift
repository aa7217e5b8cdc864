import KubeAPI
import Testing

@testable import APIMachinery

@Suite("OpenAPI documents")
struct OpenAPITests {
    /// All that is served, and a kind that is only asked for.
    private static let rows =
        KindTable.kubernetes.rows + [
            KindRules(
                resource: Resource(
                    group: "authentication.k8s.io", version: "v1", kind: "TokenReview", plural: "tokenreviews",
                    isNamespaced: false), singular: "tokenreview")
        ]

    private let documents = OpenAPIDocuments(Self.rows, version: "v1.36.0")

    private func document(_ path: String) throws -> JSONValue {
        try JSONValue(json: #require(documents.document(path)))
    }

    @Test("The index names every group with a hash that follows the document")
    func index() throws {
        let paths = try #require(try JSONValue(json: documents.index())["paths"])
        #expect(
            paths.object?.keys == [
                "api/v1", "apis/apps/v1", "apis/authentication.k8s.io/v1", "apis/batch/v1",
                "apis/coordination.k8s.io/v1", "apis/discovery.k8s.io/v1", "apis/events.k8s.io/v1",
                "apis/networking.k8s.io/v1", "apis/policy/v1",
            ])
        let place = try #require(paths["apis/apps/v1"]?["serverRelativeURL"]?.string)
        #expect(place.hasPrefix("/openapi/v3/apis/apps/v1?hash="))
        let others = OpenAPIDocuments(Self.rows, version: "v1.36.1")
        let other = try JSONValue(json: others.index())["paths"]?["apis/apps/v1"]?["serverRelativeURL"]?.string
        #expect(other != place)
        #expect(documents.document("apis/storage.k8s.io/v1") == nil)
        #expect(try #require(documents.document("api/v1")).count < 1 << 20)
    }

    @Test("Every kind has its paths, and a schema that says what it is")
    func kinds() throws {
        for row in KindTable.kubernetes.rows {
            let tree = try document(row.resource.path)
            let kind = row.resource.groupVersionKind
            let name = try #require(SchemaCatalog.kubernetes.kinds[kind], "\(kind)")
            #expect(tree["components"]?["schemas"]?[name]?["x-kubernetes-group-version-kind"] == [kind.tree])
            let place = row.resource.isNamespaced ? "namespaces/{namespace}/" : ""
            let single = "/\(row.resource.path)/\(place)\(row.resource.plural)/{name}"
            #expect(tree["paths"]?[single]?.object?.keys == ["delete", "get", "parameters", "patch", "put"])
            for subresource in row.subresources {
                #expect(tree["paths"]?["\(single)/\(subresource)"] != nil, "\(single)/\(subresource)")
            }
        }
    }

    @Test("Schemas have types, formats, what is required, and upstream's extensions")
    func schemas() throws {
        let schemas = try #require(try document("api/v1")["components"]?["schemas"])
        let port = try #require(schemas["io.k8s.api.core.v1.ContainerPort"])
        #expect(port["required"] == ["containerPort"])
        #expect(port["properties"]?["containerPort"]?["format"] == "int32")
        #expect(port["properties"]?["protocol"]?["default"] == "TCP")
        let containers = schemas["io.k8s.api.core.v1.PodSpec"]?["properties"]?["containers"]
        #expect(containers?["items"] == ["$ref": "#/components/schemas/io.k8s.api.core.v1.Container"])
        #expect(containers?["x-kubernetes-list-map-keys"] == ["name"])
        #expect(containers?["x-kubernetes-list-type"] == "map")
        #expect(containers?["x-kubernetes-patch-merge-key"] == "name")
        #expect(containers?["x-kubernetes-patch-strategy"] == "merge")
        #expect(
            schemas["io.k8s.api.core.v1.Pod"]?["x-kubernetes-group-version-kind"]
                == [["group": "", "kind": "Pod", "version": "v1"]])
        #expect(schemas["io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"]?["x-kubernetes-map-type"] == "atomic")
        let spec = schemas["io.k8s.api.core.v1.Pod"]?["properties"]?["spec"]
        #expect(spec?["allOf"] == [["$ref": "#/components/schemas/io.k8s.api.core.v1.PodSpec"]])
        #expect(
            schemas["io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry"]?["properties"]?["fieldsV1"]?["allOf"]
                == [["$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1"]])
    }

    @Test(
        "Every reference leads to a schema", arguments: ["api/v1", "apis/apps/v1", "apis/authentication.k8s.io/v1", ""])
    func references(path: String) throws {
        let tree = path.isEmpty ? try JSONValue(json: documents.swagger()) : try document(path)
        let schemas = try #require(path.isEmpty ? tree["definitions"] : tree["components"]?["schemas"])
        let prefix = path.isEmpty ? "#/definitions/" : "#/components/schemas/"
        let references = tree.strings(under: "$ref")
        #expect(references.count > 10)
        for reference in references {
            #expect(reference.hasPrefix(prefix))
            #expect(schemas[String(reference.dropFirst(prefix.count))] != nil, "\(reference)")
        }
    }

    @Test("Operations have ids of their own, a kind, answers, and parameters for what their paths leave open")
    func operations() throws {
        for path in documents.paths {
            var seen: Set<String> = []
            for item in try #require(try document(path)["paths"]?.object) {
                let open = item.key.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                    String($0.dropFirst().dropLast())
                }
                #expect((item.value["parameters"]?.array ?? []).compactMap { $0["name"]?.string } == open)
                for operation in try #require(item.value.object) where operation.key != "parameters" {
                    let name = try #require(operation.value["operationId"]?.string)
                    #expect(seen.insert(name).inserted, "\(name)")
                    #expect(operation.value["responses"]?["200"] != nil)
                    #expect(operation.value["x-kubernetes-group-version-kind"]?["kind"] != nil)
                    #expect(operation.value["x-kubernetes-action"] != nil)
                }
            }
            #expect(!seen.isEmpty)
        }
    }

    @Test("A patch says that fields can be validated")
    func fieldValidation() throws {
        let paths = try #require(try document("apis/apps/v1")["paths"])
        let single = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}"
        let patch = try #require(paths[single]?["patch"])
        #expect(patch["parameters"]?.array?.contains { $0["name"] == "fieldValidation" && $0["in"] == "query" } == true)
        #expect(
            patch["x-kubernetes-group-version-kind"] == ["group": "apps", "kind": "Deployment", "version": "v1"])
        #expect(patch["operationId"] == "patchAppsV1NamespacedDeployment")
        #expect(paths["\(single)/scale"]?["patch"]?["x-kubernetes-group-version-kind"]?["kind"] == "Scale")
        #expect(paths["/apis/apps/v1/deployments"]?["get"]?["operationId"] == "listAppsV1DeploymentForAllNamespaces")
        let core = try #require(try document("api/v1")["paths"])
        #expect(core["/api/v1/namespaces/{namespace}/pods/{name}/eviction"]?.object?.keys == ["parameters", "post"])
        let reviews = try document("apis/authentication.k8s.io/v1")["paths"]
        #expect(reviews?.object?.count == 1)
        #expect(reviews?["/apis/authentication.k8s.io/v1/tokenreviews"]?["post"] != nil)
    }

    @Test("The Swagger document has the same in its own form")
    func swagger() throws {
        let tree = try JSONValue(json: documents.swagger())
        #expect(tree["swagger"] == "2.0")
        let spec = tree["definitions"]?["io.k8s.api.core.v1.Pod"]?["properties"]?["spec"]
        #expect(spec?["$ref"] == "#/definitions/io.k8s.api.core.v1.PodSpec")
        let patch = tree["paths"]?["/api/v1/namespaces/{namespace}/pods/{name}"]?["patch"]
        #expect(
            patch?["parameters"]?.array?.contains { $0["name"] == "fieldValidation" && $0["type"] == "string" } == true)
        #expect(patch?["parameters"]?.array?.contains { $0["in"] == "body" } == true)
    }
}

extension OpenAPITests {
    @Test("The Swagger document as protobuf has the field numbers of gnostic's message")
    func protobuf() throws {
        let document = try ProtobufFields(documents.swaggerProtobuf())
        #expect(document.text(1) == "2.0")
        #expect(try document.first(2).text(2) == "v1.36.0")
        let tree = try JSONValue(json: documents.swagger())
        let definitions = try document.first(9)
        #expect(try definitions.messages(1).count == tree["definitions"]?.object?.count)
        let pod = try definitions.entry(1, "io.k8s.api.core.v1.PodSpec")
        let properties = try pod.first(25)
        let containers = try properties.entry(1, "containers")
        #expect(try containers.first(22).text(1) == "array")
        #expect(try containers.first(23).first(1).text(1) == "#/definitions/io.k8s.api.core.v1.Container")
        #expect(try containers.entry(31, "x-kubernetes-patch-merge-key").text(2) == "\"name\"")
        #expect(pod.text(19) == "containers")
        let labels = try properties.entry(1, "nodeSelector")
        #expect(try labels.first(21).first(1).first(22).text(1) == "string")
        let path = try document.first(8).entry(2, "/api/v1/namespaces/{namespace}/pods/{name}")
        let patch = try path.first(8)
        #expect(patch.text(5) == "patchCoreV1NamespacedPod")
        let query = try patch.messages(8).flatMap { try $0.first(1).messages(2) }.map { try $0.first(3).text(4) }
        #expect(query == ["dryRun", "fieldManager", "fieldValidation", "force"])
        #expect(
            try patch.entry(13, "x-kubernetes-group-version-kind").text(2)
                == #"{"group":"","kind":"Pod","version":"v1"}"#)
        #expect(try path.messages(9).map { try $0.first(1).first(2).first(4).text(4) } == ["namespace", "name"])
        #expect(try patch.first(9).entry(1, "200").first(1).text(1) == "OK")
    }
}

/// The fields of a protobuf message, by number: texts and messages as bytes, numbers as their last byte.
private struct ProtobufFields {
    var values: [Int: [[UInt8]]] = [:]

    init(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        func number() throws -> Int {
            var value = 0
            var shift = 0
            while true {
                let next = rest.popFirst()
                let byte = try #require(next)
                value |= Int(byte & 0x7F) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
        }
        while !rest.isEmpty {
            let tag = try number()
            let content = try number()
            if tag & 7 == 0 {
                values[tag >> 3, default: []].append([UInt8(truncatingIfNeeded: content)])
            } else {
                try #require(tag & 7 == 2 && content <= rest.count)
                values[tag >> 3, default: []].append(Array(rest.prefix(content)))
                rest = rest.dropFirst(content)
            }
        }
    }

    func text(_ field: Int) -> String { String(decoding: values[field]?.first ?? [], as: UTF8.self) }
    func messages(_ field: Int) throws -> [ProtobufFields] { try (values[field] ?? []).map { try Self($0) } }

    /// The value of the entry with a name.
    func entry(_ field: Int, _ name: String) throws -> ProtobufFields {
        let entry = try #require(try messages(field).first { $0.text(1) == name })
        return try #require(try entry.messages(2).first)
    }

    func first(_ field: Int) throws -> ProtobufFields { try #require(try messages(field).first) }
}

extension JSONValue {
    /// The texts of all fields of this name, at any depth.
    fileprivate func strings(under key: String) -> [String] {
        switch self {
        case .object(let object):
            object.flatMap { field in
                field.key == key && field.value.string != nil
                    ? [field.value.string ?? ""] : field.value.strings(under: key)
            }
        case .array(let elements): elements.flatMap { $0.strings(under: key) }
        default: []
        }
    }
}
