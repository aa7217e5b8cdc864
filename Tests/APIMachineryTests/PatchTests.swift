import KubeAPI
import Testing

@testable import APIMachinery

@Suite("Merge patches and JSON patches")
struct PatchTests {
    static func value(_ json: String) throws -> JSONValue { try JSONValue(json: Array(json.utf8)) }

    @Test(
        "A merge patch does what RFC 7386 says",
        arguments: [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
            (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
            (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"),
            (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#), ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
            ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ])
    func mergePatch(original: String, patch: String, expected: String) throws {
        let result = try MergePatch.apply(Self.value(patch), to: Self.value(original))
        #expect(String(decoding: result.json, as: UTF8.self) == expected)
    }

    @Test(
        "A JSON patch does what RFC 6902 says",
        arguments: [
            (#"{"a":1}"#, #"[{"op":"add","path":"/b","value":2}]"#, #"{"a":1,"b":2}"#),
            (#"{"a":[1,3]}"#, #"[{"op":"add","path":"/a/1","value":2}]"#, #"{"a":[1,2,3]}"#),
            (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/-","value":2}]"#, #"{"a":[1,2]}"#),
            (#"{"a":[1,2]}"#, #"[{"op":"add","path":"/a/2","value":3}]"#, #"{"a":[1,2,3]}"#),
            (#"{"a":1,"b":2}"#, #"[{"op":"remove","path":"/b"}]"#, #"{"a":1}"#),
            (#"{"a":[1,2,3]}"#, #"[{"op":"remove","path":"/a/1"}]"#, #"{"a":[1,3]}"#),
            (#"{"a":[1,2,3]}"#, #"[{"op":"remove","path":"/a/-1"}]"#, #"{"a":[1,2]}"#),
            (#"{"a":1}"#, #"[{"op":"replace","path":"/a","value":null}]"#, #"{"a":null}"#),
            (#"{"a":[1,2]}"#, #"[{"op":"replace","path":"/a/0","value":9}]"#, #"{"a":[9,2]}"#),
            (#"{"a":1}"#, #"[{"op":"replace","path":"","value":{"b":1}}]"#, #"{"b":1}"#),
            (#"{"a":{"b":1},"c":{}}"#, #"[{"op":"move","from":"/a/b","path":"/c/d"}]"#, #"{"a":{},"c":{"d":1}}"#),
            (#"{"a":[1,2,3]}"#, #"[{"op":"move","from":"/a/0","path":"/a/2"}]"#, #"{"a":[2,3,1]}"#),
            (#"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/c"}]"#, #"{"a":{"b":1},"c":{"b":1}}"#),
            (
                #"{"a/b":1,"m~n":2}"#, #"[{"op":"test","path":"/a~1b","value":1},{"op":"remove","path":"/m~0n"}]"#,
                #"{"a/b":1}"#
            ),
            (#"{"a":{"b":[1,{"c":2}]}}"#, #"[{"op":"test","path":"/a/b/1/c","value":2}]"#, #"{"a":{"b":[1,{"c":2}]}}"#),
            (#"{"a":1}"#, #"[{"op":"test","path":"/b","value":null}]"#, #"{"a":1}"#),
            (#"{"a":1}"#, #"[{"op":"test","path":"","value":{"a":1}}]"#, #"{"a":1}"#),
            (#"{"~1":1}"#, #"[{"op":"replace","path":"/~01","value":2}]"#, #"{"~1":2}"#),
        ])
    func jsonPatch(original: String, patch: String, expected: String) throws {
        let result = try JSONPatch(Self.value(patch)).apply(to: Self.value(original))
        #expect(String(decoding: result.json, as: UTF8.self) == expected)
    }

    @Test(
        "A JSON patch that does not fit is refused",
        arguments: [
            (
                #"[{"op":"remove","path":"/b"}]"#,
                "error in remove for path: '/b': Unable to remove nonexistent key: b: missing value"
            ),
            (#"[{"op":"test","path":"/a","value":2}]"#, "testing value /a failed: test failed"),
            (
                #"[{"op":"add","path":"/x/y","value":1}]"#,
                "add operation does not apply: doc is missing path: /x/y: missing value"
            ),
            (
                #"[{"op":"add","path":"/l/5","value":1}]"#,
                "error in add for path: '/l/5': Unable to access invalid index: 5: invalid index referenced"
            ),
            (
                #"[{"op":"replace","path":"/l/5","value":1}]"#,
                "replace operation does not apply: doc is missing key: /l/5: missing value"
            ),
            (
                #"[{"op":"add","path":"/a/b","value":1}]"#,
                "add operation does not apply: doc is missing path: /a/b: missing value"
            ),
            (
                #"[{"op":"move","from":"/q","path":"/a"}]"#,
                "error in move for path: '/q': Unable to remove nonexistent key: missing value"
            ),
            (#"[{"op":"shrink","path":"/a"}]"#, "Unexpected kind: shrink"), (#"[{}]"#, "Unexpected kind: unknown"),
            (#"[{"op":"add","value":1}]"#, "add operation failed to decode path: missing value"),
            (#"[{"op":"copy","path":"/a"}]"#, "copy operation failed to decode from: missing value"),
        ])
    func jsonPatchErrors(patch: String, expected: String) throws {
        let patch = try JSONPatch(Self.value(patch))
        let error = try #require(throws: PatchError.self) { try patch.apply(to: Self.value(#"{"a":1,"l":[1]}"#)) }
        #expect(error.description == expected)
        #expect(error.status.code == 422)
        #expect(error.status.message == "the server rejected our request due to an error in our request")
    }

    @Test("A JSON patch cannot make a document without bounds")
    func bounds() throws {
        let doubling = (0..<100).map { #"{"op":"copy","from":"/a","path":"/a/c\#($0)"}"# }
        let copies = try JSONPatch(Self.value("[\(doubling.joined(separator: ","))]"))
        let tooLarge = try #require(throws: PatchError.self) { try copies.apply(to: Self.value(#"{"a":{"b":1}}"#)) }
        #expect(tooLarge.description.hasPrefix("Unable to complete the copy"))
        var path = ""
        let nesting = (0..<600).map { _ in
            path += "/a"
            return #"{"op":"add","path":"\#(path)","value":{}}"#
        }
        let deep = try JSONPatch(Self.value("[\(nesting.joined(separator: ","))]"))
        let tooDeep = try #require(throws: PatchError.self) { try deep.apply(to: Self.value("{}")) }
        #expect(tooDeep.description == "exceeded max depth")
    }

    private static let service = GroupVersionKind(group: "", version: "v1", kind: "Service")

    private func patch(
        _ format: ObjectPatch.Format, _ patch: String, _ validation: FieldValidation = .strict
    ) throws -> (json: String, warnings: [String]) {
        let object = try Unstructured(
            json: Array(
                #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":80}]}}"#.utf8))
        let body = try ObjectPatch(Array(patch.utf8), format, validation: validation)
            .apply(to: object, as: Self.service)
        return (String(decoding: body.object["spec"]?.json ?? [], as: UTF8.self), body.warnings)
    }

    @Test(
        "Every format patches an object",
        arguments: [
            (
                ObjectPatch.Format.json, #"[{"op":"replace","path":"/spec/ports/0/port","value":81}]"#,
                #"{"ports":[{"port":81}]}"#
            ),
            (.merge, #"{"spec":{"type":"NodePort","ports":null}}"#, #"{"type":"NodePort"}"#),
            (.strategic, #"{"spec":{"ports":[{"port":81}]}}"#, #"{"ports":[{"port":81},{"port":80}]}"#),
        ])
    func formats(format: ObjectPatch.Format, patch: String, expected: String) throws {
        #expect(try self.patch(format, patch).json == expected)
    }

    @Test(
        "Fields that the kind does not have are refused, told, or dropped",
        arguments: [
            (ObjectPatch.Format.json, #"[{"op":"add","path":"/spec/foo","value":1}]"#),
            (.merge, #"{"spec":{"foo":1}}"#), (.strategic, #"{"spec":{"foo":1}}"#),
        ])
    func unknownFields(format: ObjectPatch.Format, patch: String) throws {
        let error = try #require(throws: Status.self) { try self.patch(format, patch) }
        #expect(error.code == 422)
        #expect(error.message.hasPrefix(" \"\" is invalid: patch: Invalid value: "))
        #expect(error.message.hasSuffix(": strict decoding error: unknown field \"spec.foo\""))
        #expect(try self.patch(format, patch, .warn).warnings == ["unknown field \"spec.foo\""])
        #expect(try self.patch(format, patch, .ignore).warnings == [])
        #expect(try self.patch(format, patch, .ignore).json == #"{"ports":[{"port":80}]}"#)
    }

    @Test("Keys that a patch has twice are told")
    func duplicates() throws {
        let body = #"{"spec":{"type":"NodePort","type":"ClusterIP"}}"#
        #expect(try patch(.merge, body, .warn).warnings == ["duplicate field \"spec.type\""])
        let error = try #require(throws: Status.self) { try self.patch(.strategic, body) }
        #expect(
            error.message
                == #" "" is invalid: patch: Invalid value: "map[spec:map[type:ClusterIP]]": strict decoding error: duplicate field "spec.type""#
        )
    }

    @Test(
        "What is no patch is refused",
        arguments: [
            (ObjectPatch.Format.json, "{}", 400), (.json, "[1]", 400), (.merge, "[]", 400), (.strategic, "7", 400),
            (.merge, "{", 400), (.merge, #"{"spec":{"ports":"all"}}"#, 422),
            (.json, #"[{"op":"test","path":"/kind","value":"Pod"}]"#, 422),
        ])
    func malformed(format: ObjectPatch.Format, body: String, code: Int) throws {
        let error = try #require(throws: Status.self) { try patch(format, body) }
        #expect(error.code == code)
    }

    @Test("A JSON patch has its limit")
    func tooMany() throws {
        let operation = #"{"op":"test","path":"/a","value":1}"#
        let body = "[\(Array(repeating: operation, count: 10_001).joined(separator: ","))]"
        let error = try #require(throws: Status.self) { try ObjectPatch(Array(body.utf8), .json, validation: .warn) }
        #expect(error.code == 413)
    }
}
