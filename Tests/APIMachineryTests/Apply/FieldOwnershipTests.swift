import KubeAPI
import Testing

@testable import APIMachinery

@Suite("Owners of fields")
struct FieldOwnershipTests {
    private static let configMaps = GroupVersionKind(group: "", version: "v1", kind: "ConfigMap")
    private static let start = Timestamp(microsecondsSinceEpoch: 1_700_000_000_500_000)

    private let ownership = FieldOwnership(of: configMaps, hasStatus: false)

    private func object(_ data: [String: String], labels: [String: String] = [:]) throws -> Unstructured {
        var object = try Unstructured(["apiVersion": "v1", "kind": "ConfigMap", "data": JSONValue(data)])
        object.name = "c"
        object.uid = "u"
        object.labels = labels
        return object
    }

    private func configuration(_ data: JSONValue) -> JSONValue {
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "c"], "data": data]
    }

    private func created(_ data: [String: String], by manager: String = "m") throws -> Unstructured {
        var object = try object(data)
        ownership?.update(&object, replacing: nil, manager: manager, time: Self.start)
        return object
    }

    private func later(_ seconds: Int64) -> Timestamp {
        Timestamp(microsecondsSinceEpoch: Self.start.microsecondsSinceEpoch + seconds * 1_000_000)
    }

    @Test("are written as upstream writes them")
    func entry() throws {
        #expect(
            try created(["a": "1"]).managedFields == [
                [
                    "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": ["f:data": [".": [:], "f:a": [:]]],
                    "manager": "m", "operation": "Update", "time": "2023-11-14T22:13:20Z",
                ]
            ])
    }

    @Test("without a name are unknown ones")
    func unknown() throws {
        #expect(try created(["a": "1"], by: "").managedFields?.array?.first?["manager"] == "unknown")
    }

    @Test("stay unknown where nobody knew them, and are dropped on demand")
    func untracked() throws {
        let old = try object(["a": "1"])
        var new = try object(["a": "2"])
        ownership?.update(&new, replacing: old, manager: "m", time: Self.start)
        #expect(new.managedFields == nil)

        let tracked = try created(["a": "1"])
        for reset: JSONValue in [[], [[:]]] {
            var object = tracked
            object.managedFields = reset
            ownership?.update(&object, replacing: tracked, manager: "m", time: Self.start)
            #expect(object.managedFields == nil)
        }
    }

    @Test("of an object that is sent without them are those that are stored")
    func notSent() throws {
        let old = try created(["a": "1"])
        var new = try object(["a": "1"])
        ownership?.update(&new, replacing: old, manager: "n", time: later(1))
        #expect(new.managedFields == old.managedFields)
    }

    @Test("that cannot be read are forgotten")
    func unreadable() throws {
        var old = try created(["a": "1"])
        old.managedFields = [["manager": "m", "operation": "Guess"]]
        var new = try object(["a": "2"])
        ownership?.update(&new, replacing: old, manager: "n", time: later(1))
        #expect(new.managedFields == nil)
        #expect {
            try ownership?.apply(configuration(["a": "2"]), to: old, manager: "n", force: true, time: later(1))
        } throws: { error in
            (error as? Status)?.message == "failed to decode managed fields: operation must be `Apply` or `Update`"
        }
    }

    @Test("may be rewritten by a client, but not on a subresource")
    func rewritten() throws {
        let old = try created(["a": "1"])
        var new = old
        new.managedFields = [
            [
                "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": ["f:data": ["f:a": [:]]], "manager": "x",
                "operation": "Apply", "time": "2023-01-01T00:00:00Z",
            ]
        ]
        var other = new
        ownership?.update(&new, replacing: old, manager: "m", time: later(1))
        #expect(new.managedFields?.array?.map { $0["manager"] } == ["x"])
        FieldOwnership(of: Self.configMaps, subresource: "status", hasStatus: true)?
            .update(&other, replacing: old, manager: "m", time: later(1))
        #expect(other.managedFields == old.managedFields)
    }

    @Test("of versions that are not served go")
    func otherVersion() throws {
        var old = try created(["a": "1"])
        old.managedFields = .array(
            (old.managedFields?.array ?? []) + [
                [
                    "apiVersion": "v2", "fieldsType": "FieldsV1", "fieldsV1": ["f:data": ["f:a": [:]]],
                    "manager": "x", "operation": "Update",
                ]
            ])
        var new = old
        new["data"] = ["a": "1", "b": "2"]
        ownership?.update(&new, replacing: old, manager: "m", time: later(1))
        #expect(new.managedFields?.array?.map { $0["manager"] } == ["m"])
    }

    @Test("that applied come first, then the order is that of time and names")
    func order() throws {
        var object = try created(["a": "1"], by: "z")
        for (seconds, manager) in [(1, "y"), (1, "x"), (2, "b")] {
            let old = object
            object["data"]?[manager] = "1"
            ownership?.update(&object, replacing: old, manager: manager, time: later(Int64(seconds)))
        }
        object = try #require(
            try ownership?.apply(configuration(["q": "1"]), to: object, manager: "p", force: false, time: later(9)))
        #expect(object.managedFields?.array?.map { $0["manager"] } == ["p", "z", "x", "y", "b"])
    }

    @Test("of the status are others than those of the object")
    func status() throws {
        let pods = GroupVersionKind(group: "", version: "v1", kind: "Pod")
        var pod = try Unstructured([
            "apiVersion": "v1", "kind": "Pod", "spec": ["nodeName": "n"], "status": ["phase": "x"],
        ])
        FieldOwnership(of: pods, hasStatus: true)?.update(&pod, replacing: nil, manager: "m", time: Self.start)
        #expect(pod.managedFields?.array?.map { $0["fieldsV1"] } == [["f:spec": ["f:nodeName": [:]]]])
        let old = pod
        pod["status"] = ["phase": "y"]
        pod["spec"] = ["nodeName": "o"]
        FieldOwnership(of: pods, subresource: "status", hasStatus: true)?
            .update(&pod, replacing: old, manager: "m", time: Self.start)
        let entries = pod.managedFields?.array ?? []
        #expect(entries.map { $0["subresource"] } == [nil, "status"])
        #expect(entries.last?["fieldsV1"] == ["f:status": ["f:phase": [:]]])
    }

    @Test("change nothing when they apply the same again")
    func sameAgain() throws {
        let first = try #require(
            try ownership?.apply(configuration(["a": "1"]), to: nil, manager: "p", force: false, time: Self.start))
        let second = try ownership?.apply(
            configuration(["a": "1"]), to: first, manager: "p", force: false, time: later(9))
        #expect(second == first)
    }

    @Test("write amounts as they like")
    func amounts() throws {
        let pods = GroupVersionKind(group: "", version: "v1", kind: "Pod")
        func wanted(_ amount: JSONValue) -> JSONValue {
            [
                "apiVersion": "v1", "kind": "Pod",
                "spec": ["containers": [["name": "c", "resources": ["limits": ["cpu": amount]]]]],
            ]
        }
        let ownership = FieldOwnership(of: pods, hasStatus: true)
        let first = try #require(
            try ownership?.apply(wanted("1"), to: nil, manager: "p", force: false, time: Self.start))
        let second = try ownership?.apply(wanted("1000m"), to: first, manager: "q", force: false, time: later(9))
        #expect(second?.tree["spec"] == first.tree["spec"])
        #expect(second?.managedFields?.array?.map { $0["manager"] } == ["p", "q"])
    }

    @Test("of which many have conflicts are told of all of them")
    func conflicts() throws {
        var object = try created(["a": "1", "b": "1"])
        let old = object
        object["data"]?["b"] = "2"
        FieldOwnership(of: Self.configMaps, subresource: "status", hasStatus: true)?
            .update(&object, replacing: old, manager: "n", time: Self.start)
        let live = object
        #expect {
            try ownership?.apply(
                configuration(["a": "9", "b": "9"]), to: live, manager: "p", force: false, time: Self.start)
        } throws: { error in
            guard let status = error as? Status else { return false }
            #expect(status.code == 409 && status.reason == "Conflict")
            #expect(
                status.message == """
                    Apply failed with 2 conflicts: conflicts with "m" using v1:
                    - .data.a
                    conflicts with "n" with subresource "status" using v1:
                    - .data.b
                    """)
            #expect(
                status.details?.causes == [
                    Status.Cause(
                        field: ".data.a", message: #"conflict with "m" using v1"#, reason: "FieldManagerConflict"),
                    Status.Cause(
                        field: ".data.b", message: #"conflict with "n" with subresource "status" using v1"#,
                        reason: "FieldManagerConflict"),
                ])
            return true
        }
    }

    @Test("keep kubectl's annotation true")
    func lastApplied() throws {
        let key = "kubectl.kubernetes.io/last-applied-configuration"
        var object = try object(["a": "1"])
        object.annotations = [key: "{}"]
        ownership?.update(&object, replacing: nil, manager: "other", time: Self.start)
        let applied = try ownership?.apply(
            configuration(["b": "2"]), to: object, manager: "kubectl", force: false, time: later(1))
        let text = try #require(applied?.annotations[key])
        #expect(try JSONValue(json: Array(text.utf8)) == configuration(["b": "2"]))
    }
}
