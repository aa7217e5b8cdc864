import KubeAPI

/// The paths of kinds with what may be done there. Clients look here for the kind that a resource has, and for the query
/// parameters that the server understands.
struct OpenAPIPaths: Sendable {
    let writer: OpenAPIWriter

    /// The kinds whose schemas the paths name.
    func kinds(of row: KindRules) -> [GroupVersionKind] {
        let kind = row.resource.groupVersionKind
        let list = GroupVersionKind(group: kind.group, version: kind.version, kind: "\(kind.kind)List")
        return [kind, list] + row.subresources.compactMap { Self.kind(ofSubresource: $0, of: kind) }
    }

    func tree(_ rows: [KindRules]) -> JSONValue {
        var paths = JSONObject()
        for row in rows { add(row, to: &paths) }
        return .object(paths)
    }

    private func add(_ row: KindRules, to paths: inout JSONObject) {
        let resource = row.resource
        let kind = resource.groupVersionKind
        let list = GroupVersionKind(group: kind.group, version: kind.version, kind: "\(kind.kind)List")
        let hasList = writer.catalog.schema(of: list) != nil
        let base = "/\(resource.path)"
        let collection =
            resource.isNamespaced ? "\(base)/namespaces/{namespace}/\(resource.plural)" : "\(base)/\(resource.plural)"
        let scope = resource.isNamespaced ? ["namespace"] : []
        let site = Site(writer: writer, resource: resource, kind: kind)
        guard hasList else {
            // A kind that is only asked for, and kept nowhere.
            paths[collection] = site.item(scope, [site.create(kind)])
            return
        }
        if resource.isNamespaced {
            paths["\(base)/\(resource.plural)"] = site.item([], [site.list(list, isForAllNamespaces: true)])
        }
        paths[collection] = site.item(
            scope, [site.list(list, isForAllNamespaces: false), site.create(kind), site.deleteCollection()])
        let single = "\(collection)/{name}"
        paths[single] = site.item(scope + ["name"], site.readAndWrite() + [site.delete()])
        for subresource in row.subresources {
            guard let kind = Self.kind(ofSubresource: subresource, of: site.kind) else { continue }
            let site = Site(writer: writer, resource: resource, kind: kind, subresource: subresource)
            let isAction = ["binding", "eviction", "token"].contains(subresource)
            paths["\(single)/\(subresource)"] = site.item(
                scope + ["name"], isAction ? [site.create(kind)] : site.readAndWrite())
        }
    }

    /// Nil for what has no object, such as `log`.
    private static func kind(ofSubresource name: String, of kind: GroupVersionKind) -> GroupVersionKind? {
        switch name {
        case "status", "ephemeralcontainers", "resize", "finalize": kind
        case "scale": GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale")
        case "binding": GroupVersionKind(group: "", version: "v1", kind: "Binding")
        case "eviction": GroupVersionKind(group: "policy", version: "v1", kind: "Eviction")
        case "token": GroupVersionKind(group: "authentication.k8s.io", version: "v1", kind: "TokenRequest")
        default: nil
        }
    }
}

extension OpenAPIPaths {
    /// What is done at the paths of one resource, or of one subresource of it.
    private struct Site {
        let writer: OpenAPIWriter
        let resource: Resource
        let kind: GroupVersionKind
        var subresource = ""

        struct Operation {
            let method: String
            let tree: JSONValue
        }

        /// An entry of `paths`: parameters that the path itself has, and operations.
        func item(_ parameters: [String], _ operations: [Operation]) -> JSONValue {
            var tree = JSONObject(Dictionary(operations.map { ($0.method, $0.tree) }) { $1 })
            if !parameters.isEmpty {
                tree["parameters"] = .array(
                    parameters.map { parameter($0, "string", place: "path", isRequired: true) })
            }
            return .object(tree)
        }

        func list(_ list: GroupVersionKind, isForAllNamespaces: Bool) -> Operation {
            operation(
                "get", "list", "list", answer: list,
                query: [
                    ("allowWatchBookmarks", "boolean"), ("continue", "string"), ("fieldSelector", "string"),
                    ("labelSelector", "string"), ("limit", "integer"), ("resourceVersion", "string"),
                    ("resourceVersionMatch", "string"), ("sendInitialEvents", "boolean"),
                    ("timeoutSeconds", "integer"), ("watch", "boolean"),
                ], isForAllNamespaces: isForAllNamespaces)
        }

        func create(_ body: GroupVersionKind) -> Operation {
            operation("post", "create", "post", answer: body, body: body, query: Self.writeQuery)
        }

        func deleteCollection() -> Operation {
            operation(
                "delete", "deleteCollection", "deletecollection", answer: Self.status, body: Self.deleteOptions,
                query: Self.deleteQuery + [("fieldSelector", "string"), ("labelSelector", "string")])
        }

        func delete() -> Operation {
            operation(
                "delete", "delete", "delete", answer: Self.status, body: Self.deleteOptions, query: Self.deleteQuery)
        }

        func readAndWrite() -> [Operation] {
            [
                operation("get", "read", "get", answer: kind),
                operation("put", "replace", "put", answer: kind, body: kind, query: Self.writeQuery),
                operation("patch", "patch", "patch", answer: kind, query: Self.writeQuery + [("force", "boolean")]),
            ]
        }

        private static let status = GroupVersionKind(group: "", version: "v1", kind: "Status")
        private static let deleteOptions = GroupVersionKind(group: "", version: "v1", kind: "DeleteOptions")
        private static let writeQuery = [
            ("dryRun", "string"), ("fieldManager", "string"), ("fieldValidation", "string"),
        ]
        private static let deleteQuery = [
            ("dryRun", "string"), ("gracePeriodSeconds", "integer"), ("orphanDependents", "boolean"),
            ("propagationPolicy", "string"),
        ]

        private func operation(
            _ method: String, _ verb: String, _ action: String, answer: GroupVersionKind,
            body: GroupVersionKind? = nil, query: [(String, String)] = [], isForAllNamespaces: Bool = false
        ) -> Operation {
            var parameters = query.map { parameter($0.0, $0.1, place: "query", isRequired: false) }
            var tree = JSONObject()
            let isPatch = action == "patch"
            let bodyReference = isPatch ? writer.patchReference : body.flatMap { reference($0) }
            if let bodyReference {
                switch writer.form {
                case .two:
                    parameters.append([
                        "in": "body", "name": "body", "required": .bool(action != "delete"), "schema": bodyReference,
                    ])
                    tree["consumes"] = JSONValue(isPatch ? Self.patchTypes : ["*/*"])
                case .three:
                    var content = JSONObject()
                    for type in isPatch ? Self.patchTypes : ["*/*"] { content[type] = ["schema": bodyReference] }
                    tree["requestBody"] = ["content": .object(content)]
                }
            }
            if !parameters.isEmpty { tree["parameters"] = .array(parameters) }
            if writer.form == .two {
                tree["produces"] = ["application/json"]
                tree["schemes"] = ["https"]
            }
            tree["operationId"] = .string(operationID(verb, isForAllNamespaces: isForAllNamespaces))
            tree["tags"] = [.string("\(groupName.lowercasingFirst)_\(resource.version)")]
            tree["responses"] = responses(answer, isCreation: action == "post")
            tree["x-kubernetes-action"] = .string(action)
            tree["x-kubernetes-group-version-kind"] = kind.tree
            return Operation(method: method, tree: .object(tree))
        }

        private static let patchTypes =
            ["application/apply-patch+yaml"] + ObjectPatch.Format.allCases.map(\.rawValue)

        private func reference(_ kind: GroupVersionKind) -> JSONValue? {
            writer.catalog.kinds[kind].map { writer.reference($0) }
        }

        private func responses(_ kind: GroupVersionKind, isCreation: Bool) -> JSONValue {
            let schema = reference(kind) ?? ["type": "object"]
            func response(_ description: String) -> JSONValue {
                writer.form == .two
                    ? ["description": .string(description), "schema": schema]
                    : [
                        "description": .string(description),
                        "content": ["application/json": ["schema": schema]],
                    ]
            }
            var tree: JSONValue = ["200": response("OK")]
            if isCreation { tree["201"] = response("Created") }
            return tree
        }

        private func parameter(_ name: String, _ type: String, place: String, isRequired: Bool) -> JSONValue {
            var tree: JSONValue = ["in": .string(place), "name": .string(name)]
            if isRequired { tree["required"] = true }
            switch writer.form {
            case .two: tree["type"] = .string(type)
            case .three: tree["schema"] = ["type": .string(type)]
            }
            return tree
        }

        /// `listCoreV1NamespacedPod`: no other operation has it.
        private func operationID(_ verb: String, isForAllNamespaces: Bool) -> String {
            let isNamespaced = resource.isNamespaced && !isForAllNamespaces
            return verb + groupName + resource.version.capitalisingFirst + (isNamespaced ? "Namespaced" : "")
                + resource.kind + subresource.capitalisingFirst + (isForAllNamespaces ? "ForAllNamespaces" : "")
        }

        /// `Core`, `Apps`, `Discovery`.
        private var groupName: String {
            resource.group.isEmpty ? "Core" : String(resource.group.prefix { $0 != "." }).capitalisingFirst
        }
    }
}

extension String {
    fileprivate var capitalisingFirst: String { prefix(1).uppercased() + dropFirst() }
    fileprivate var lowercasingFirst: String { prefix(1).lowercased() + dropFirst() }
}
