import KubeAPI
import Testing

@testable import APIMachinery

@Suite("Bodies in protobuf")
struct ProtobufBodyTests {
    private func tree(_ bytes: [UInt8]) throws -> JSONValue {
        try JSONValue(json: try ProtobufBody.json(bytes))
    }

    private func tree(_ apiVersion: String, _ kind: String, _ parts: [UInt8]...) throws -> JSONValue {
        try tree(ProtobufText.body(apiVersion, kind, parts.flatMap { $0 }))
    }

    private func refusal(_ bytes: [UInt8]) -> String {
        do throws(Status) {
            _ = try ProtobufBody.json(bytes)
            return ""
        } catch {
            #expect(error.code == 400)
            return error.message
        }
    }

    @Test(
        "What upstream's programs send means what they say in JSON", arguments: BodySample.kubectl + BodySample.server)
    func samples(_ sample: BodySample) throws {
        let found = try tree(sample.bytes)
        #expect(try found == sample.tree, "\(String(decoding: found.json, as: UTF8.self))")
    }

    @Test("So it is with a Pod that has a bit of everything", arguments: BodySample.pods)
    func pods(_ sample: BodySample) throws {
        let found = try tree(sample.bytes)
        let wanted = try sample.tree
        for part in ["apiVersion", "kind", "metadata", "status"] { #expect(found[part] == wanted[part]) }
        for field in try #require(wanted["spec"]?.object) {
            #expect(found[["spec", field.key]] == field.value, "\(field.key)")
        }
        #expect(found == wanted)
    }

    @Test("What is read is an object of its kind", arguments: BodySample.kubectl)
    func typed(_ sample: BodySample) throws {
        let text = try ProtobufBody.json(try sample.bytes)
        let kind = GroupVersionKind(of: try sample.tree, orElse: GroupVersionKind(group: "", version: "", kind: ""))
        let body = try TypedBody(json: text, as: kind, validation: .strict)
        #expect(body.warnings.isEmpty)
    }

    @Test(
        "Options of a deletion are the same in every group", arguments: ["v1", "apps/v1", "batch/v1", "example.com/v2"])
    func deleteOptions(apiVersion: String) throws {
        let found = try tree(
            apiVersion, "DeleteOptions", ProtobufText.number(1, 0),
            ProtobufText.content(2, ProtobufText.text(1, "u-1")), ProtobufText.text(4, "Foreground"),
            ProtobufText.text(5, "All"))
        #expect(
            found == [
                "apiVersion": .string(apiVersion), "kind": "DeleteOptions", "gracePeriodSeconds": 0,
                "preconditions": ["uid": "u-1"], "propagationPolicy": "Foreground", "dryRun": ["All"],
            ])
    }

    @Test("Subresources have their own kinds")
    func subresources() throws {
        let metadata = ProtobufText.content(1, ProtobufText.text(1, "web") + ProtobufText.text(3, "shop"))
        #expect(
            try tree("policy/v1", "Eviction", metadata, ProtobufText.content(2, ProtobufText.number(1, 5))) == [
                "apiVersion": "policy/v1", "kind": "Eviction", "metadata": ["name": "web", "namespace": "shop"],
                "deleteOptions": ["gracePeriodSeconds": 5],
            ])
        #expect(
            try tree(
                "autoscaling/v1", "Scale", metadata, ProtobufText.content(2, ProtobufText.number(1, 3)),
                ProtobufText.content(3, ProtobufText.number(1, 0) + ProtobufText.text(2, ""))) == [
                    "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": ["name": "web", "namespace": "shop"],
                    "spec": ["replicas": 3], "status": ["replicas": 0],
                ])
        #expect(
            try tree(
                "v1", "Binding", metadata,
                ProtobufText.content(2, ProtobufText.text(1, "Node") + ProtobufText.text(3, "n1"))) == [
                    "apiVersion": "v1", "kind": "Binding", "metadata": ["name": "web", "namespace": "shop"],
                    "target": ["kind": "Node", "name": "n1"],
                ])
    }

    @Test("Lists in maps are messages of one field")
    func extra() throws {
        let values = ProtobufText.text(1, "a") + ProtobufText.text(1, "b")
        let entry = ProtobufText.text(1, "scopes") + ProtobufText.content(2, values)
        let found = try tree(
            "authorization.k8s.io/v1", "SubjectAccessReview",
            ProtobufText.content(2, ProtobufText.text(3, "jane") + ProtobufText.content(5, entry)))
        #expect(found["spec"] == ["user": "jane", "extra": ["scopes": ["a", "b"]]])
    }

    @Test("Numbers may be negative, packed, and of 64 bits")
    func numbers() throws {
        // PodSpec.securityContext.supplementalGroups, packed and not; PodSpec.priority; terminationGracePeriodSeconds.
        let groups = ProtobufText.content(4, ProtobufText.varint(1) + ProtobufText.varint(300))
        let found = try tree(
            "v1", "Pod",
            ProtobufText.content(
                2,
                ProtobufText.content(14, groups + ProtobufText.number(4, 7)) + ProtobufText.number(25, -5)
                    + ProtobufText.number(4, .max)))
        #expect(found[["spec", "securityContext", "supplementalGroups"]] == [1, 300, 7])
        #expect(found[["spec", "priority"]] == -5)
        #expect(found[["spec", "terminationGracePeriodSeconds"]] == .integer(.max))
    }

    @Test("A message in several parts is all of them together; unknown fields are skipped")
    func partsAndUnknown() throws {
        let group: [UInt8] = [0xFB, 0x7F, 0x0B, 0x08, 0x01, 0x0C, 0xFC, 0x7F]
        let found = try tree(
            "v1", "Namespace", ProtobufText.content(1, ProtobufText.text(1, "a")), ProtobufText.number(90, 1),
            ProtobufText.content(1, ProtobufText.text(6, "7") + ProtobufText.text(99, "?")), group,
            [0x2D, 1, 2, 3, 4, 0x29, 1, 2, 3, 4, 5, 6, 7, 8])
        #expect(
            found == [
                "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "a", "resourceVersion": "7"],
            ])
    }

    @Test("What is no such body is refused with upstream's words")
    func refusals() {
        let prefix = Array("k8s\0".utf8)
        #expect(
            refusal(Array("hello".utf8))
                == "the object provided is unrecognized: provided data does not appear to be a protobuf message, "
                + "expected prefix [107 56 115 0]")
        #expect(refusal([]) == "the object provided is unrecognized: empty data")
        #expect(refusal(prefix) == "the object provided is unrecognized: empty body")
        #expect(refusal(prefix + [0x0A, 0x0F, 0x0A]) == "the object provided is unrecognized: unexpected EOF")
        #expect(refusal(prefix + ProtobufText.content(2, [])) == "Object 'Kind' is missing in a protobuf message")
        let words = "Namespace in version \"v1\" cannot be handled as a Namespace: "
        let refused: [([UInt8], String)] = [
            ([0x0A, 0x05, 0x01], "unexpected EOF"), ([0x08, 0x05], "proto: wrong wireType = 0 for field metadata"),
            ([0x00, 0x01], "proto: illegal tag 0 (wire type 0)"), ([0x0C], "proto: illegal tag 1 (wire type 4)"),
            ([0x37], "proto: illegal wireType 7"), (Array(repeating: 0xFF, count: 11), "proto: integer overflow"),
            ([0x0A] + ProtobufText.varint(.max), "unexpected EOF"), ([0x33], "unexpected EOF"),
            (
                ProtobufText.content(1, ProtobufText.content(8, ProtobufText.number(1, .max))),
                "creationTimestamp: time out of range"
            ),
        ]
        for (message, cause) in refused {
            #expect(refusal(ProtobufText.body("v1", "Namespace", message)) == words + cause)
        }
        #expect(
            refusal(ProtobufText.body("v1", "Nimespace", []))
                == "no kind \"Nimespace\" is registered for version \"v1\"")
    }

    @Test("Objects inside of objects have an end")
    func depth() {
        let catalog = SchemaCatalog(
            schemas: [
                ObjectSchema(
                    name: "Nest",
                    fields: [FieldSchema(name: "inner", type: .object("Nest"), protobuf: ProtobufNumber(1))])
            ], kinds: [GroupVersionKind(group: "", version: "v1", kind: "Nest"): "Nest"])
        var message: [UInt8] = []
        for _ in 0..<50 { message = ProtobufText.content(1, message) }
        #expect(throws: Never.self) {
            try ProtobufBody.json(ProtobufText.body("v1", "Nest", message), catalog: catalog)
        }
        for _ in 0..<5000 { message = ProtobufText.content(1, message) }
        #expect(throws: Status.self) {
            try ProtobufBody.json(ProtobufText.body("v1", "Nest", message), catalog: catalog)
        }
    }

    @Test("Bytes gone wrong are refused, or say something else; nothing breaks")
    func randomBytes() throws {
        var generator = SplitMix(state: 7)
        var refused = 0
        for sample in BodySample.kubectl + BodySample.server + BodySample.pods {
            let bytes = try sample.bytes
            for _ in 0..<40 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    changed[Int.random(in: 4..<bytes.count, using: &generator)] = .random(
                        in: 0...255, using: &generator)
                }
                if Bool.random(using: &generator) { changed.removeLast(Int.random(in: 1...8, using: &generator)) }
                do throws(Status) {
                    let text = try ProtobufBody.json(changed)
                    #expect(throws: Never.self) { try JSONValue(json: text) }
                } catch {
                    #expect(error.code == 400)
                    refused += 1
                }
            }
        }
        #expect(refused > 100)
    }
}

/// The same numbers every time (Steele, Lea and Flood's SplitMix).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
