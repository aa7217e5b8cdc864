import KubeAPI
import Testing

@testable import APIMachinery

@Suite("Who owns which fields, step by step as upstream")
struct UpstreamTraceTests {
    @Test(arguments: UpstreamTraces.all.map(\.name))
    func trace(name: String) throws {
        let json = try #require(UpstreamTraces.all.first { $0.name == name }).json
        let steps = try #require(try JSONValue(json: Array(json.utf8)).array)
        var server: FieldServer?
        var expected: [String: JSONValue] = [:]
        for (index, step) in steps.enumerated() {
            let body = try #require(step["body"])
            if server == nil { server = try FieldServer(body) }
            let place = Comment(rawValue: "step \(index): \(step.text("op")) by \(step.text("manager"))")
            let failure = server?.perform(step)
            if let code = step["code"]?.integer {
                #expect(failure?.code == code, place)
                if !step.text("message").isEmpty { #expect(failure?.message == step.text("message"), place) }
                if let fields = step["fields"] {
                    // Upstream's order is that of chance.
                    #expect(
                        failure?.details?.causes.map(\.field).sorted() == fields.array?.compactMap(\.string).sorted(),
                        place)
                }
                continue
            }
            #expect(failure == nil, place)
            for entry in step["changed"]?.object?.fields ?? [] { expected[entry.key] = entry.value }
            for key in step.texts("gone") { expected[key] = nil }
            let found = try #require(server?.owners)
            #expect(Set(found.keys) == Set(expected.keys), place)
            for (key, fields) in expected {
                #expect(found[key]?.json == fields.json, "\(place.rawValue): \(key)")
            }
            if let object = step["object"] { try server?.expect(object, place) }
        }
    }
}

/// Treats writes of one object as the API server does, as far as its fields' owners are concerned.
struct FieldServer {
    private let kind: GroupVersionKind
    private let rules: KindRules
    private(set) var object: Unstructured?
    var time = Timestamp(microsecondsSinceEpoch: 1_700_000_000_000_000)

    init(_ body: JSONValue) throws {
        kind = GroupVersionKind(of: body, orElse: GroupVersionKind(group: "", version: "", kind: ""))
        let kind = kind
        rules = try #require(
            KindTable.kubernetes.rows.first { $0.resource.kind == kind.kind && $0.resource.group == kind.group })
    }

    func ownership(_ subresource: String) throws -> FieldOwnership {
        try #require(
            FieldOwnership(
                of: kind, subresource: subresource, hasStatus: rules.subresources.contains("status")))
    }

    /// The fields by `manager/operation/subresource`.
    var owners: [String: JSONValue] {
        let items = object?.managedFields?.array ?? []
        return Dictionary(
            items.map { item in
                let key = [item.text("manager"), item.text("operation"), item.text("subresource")]
                return (key.joined(separator: "/"), item["fieldsV1"] ?? .null)
            }
        ) { $1 }
    }

    /// Whether `spec`, `data` and some of the metadata are as expected, whichever way that is written.
    func expect(_ object: JSONValue, _ place: Comment) throws {
        let schema = try #require(SchemaCatalog.kubernetes.schema(of: kind))
        var wanted = object
        var found = JSONValue.object(JSONObject())
        for key in ["spec", "data"] where object[key] != nil { found[key] = self.object?[key] }
        for key in ["labels", "annotations", "finalizers"] where object["metadata"]?[key] != nil {
            found[["metadata", key]] = self.object?["metadata"]?[key]
        }
        // What an admission plugin sets, or the allocation of addresses.
        for key in ["serviceAccount", "serviceAccountName", "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]
        where found["spec"] != nil {
            found[["spec", key]] = nil
        }
        _ = try SchemaCheck.normalise(&wanted, as: schema)
        _ = try SchemaCheck.normalise(&found, as: schema)
        let changes = FieldWalk(catalog: .kubernetes).changes(from: wanted, to: found, schema)
        #expect(changes.isEmpty, "\(place.rawValue): \(changes.written.paths) \(changes.removed.paths)")
    }

    /// - Returns: why it was refused.
    mutating func perform(_ step: JSONValue) -> Status? {
        let before = object
        do throws(Status) {
            try write(step)
            return nil
        } catch {
            object = before
            return error
        }
    }

    private mutating func write(_ step: JSONValue) throws(Status) {
        let subresource = step.text("subresource")
        let manager = step.text("manager")
        guard let ownership = try? ownership(subresource), let body = step["body"] else {
            throw .badRequest("no such kind")
        }
        var next: Unstructured
        switch step.text("op") {
        case "apply":
            next = try ownership.apply(body, to: object, manager: manager, force: step.flag("force"), time: time)
            try finish(&next, subresource)
            if let object { ownership.keepTimes(&next, of: object) }
            object = next
            return
        case "merge":
            guard let object else { throw .badRequest("nothing to patch") }
            next = try ObjectPatch(body.json, .merge, validation: .ignore).apply(to: object, as: kind).object
        case "put": next = try TypedBody(body, as: kind).object
        default: next = try TypedBody(body, as: kind).object
        }
        rules.setDefaults(&next)
        ownership.update(&next, replacing: object, manager: manager, time: time)
        try finish(&next, subresource)
        object = next
    }

    private func finish(_ next: inout Unstructured, _ subresource: String) throws(Status) {
        rules.setDefaults(&next)
        next.uid = "u"
        if next.namespace.isEmpty { next.namespace = "default" }
        if subresource == "status", let object {
            rules.prepareStatus(&next, object)
        } else {
            rules.prepare(&next, object)
            let failures = rules.failures(next, object)
            if !failures.isEmpty { throw .invalid(rules.resource, name: next.name, failures) }
        }
    }
}
