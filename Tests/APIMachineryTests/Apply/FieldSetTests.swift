import KubeAPI
import Testing

@testable import APIMachinery

@Suite("Sets of fields")
struct FieldSetTests {
    private static func set(_ json: String) throws -> FieldSet {
        try FieldSet(fieldsV1: JSONValue(json: Array(json.utf8)))
    }

    private static func keys(_ values: JSONValue) -> JSONObject { values.object ?? JSONObject() }

    @Test(
        "are written as they were read",
        arguments: [
            #"{}"#, #"{"f:spec":{"f:replicas":{}}}"#, #"{"f:data":{".":{},"f:a.b/c":{}}}"#,
            #"{"f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:name":{}}}}"#,
            #"{"f:finalizers":{".":{},"v:\"a/b\"":{}},"f:values":{"v:1":{},"v:true":{}}}"#, #"{"i:0":{},"i:1":{}}"#,
        ])
    func roundTrip(json: String) throws {
        #expect(String(decoding: try Self.set(json).fieldsV1.json, as: UTF8.self) == json)
    }

    @Test("skip elements of kinds that are not known")
    func unknownElement() throws {
        #expect(try Self.set(#"{"x:a":{},"f:b":{}}"#).paths == [[.field("b")]])
    }

    @Test("refuse what is no path", arguments: [#"[]"#, #"{"a":{}}"#, #"{"k:x":{}}"#, #"{"i:x":{}}"#, #"{"f:a":1}"#])
    func malformed(json: String) {
        #expect(throws: FieldSetError.self) { try Self.set(json) }
    }

    @Test("name fields as conflicts show them")
    func text() {
        let path: [FieldElement] = [
            .field("spec"), .key(Self.keys(["port": 80, "protocol": "TCP"])), .value("x"), .index(3),
        ]
        #expect(path.map(\.description).joined() == #".spec[port=80,protocol="TCP"][="x"][3]"#)
    }

    @Test("order fields, keys, values and places")
    func order() {
        let elements: [FieldElement] = [
            .field("a"), .field("b"), .key(Self.keys(["p": 9])), .key(Self.keys(["p": 80])),
            .key(Self.keys(["p": "x"])), .value(2), .value(10), .value("a"), .value(true), .index(2),
            .index(10),
        ]
        #expect(elements.shuffled().sorted() == elements)
    }

    @Test("obey the laws of sets")
    func laws() throws {
        var random = SystemRandomNumberGenerator()
        func path() -> [FieldElement] {
            (0..<Int.random(in: 1...3, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? .field(["a", "b", "c"].randomElement(using: &random) ?? "a")
                    : .value(JSONValue(Int.random(in: 0...2, using: &random)))
            }
        }
        for _ in 0..<300 {
            let first = (0..<6).map { _ in path() }
            let second = (0..<6).map { _ in path() }
            let (left, right) = (FieldSet(first), FieldSet(second))
            #expect(Set(left.paths) == Set(first))
            #expect(Set(left.union(right).paths) == Set(first).union(second))
            #expect(Set(left.intersection(right).paths) == Set(first).intersection(second))
            #expect(Set(left.subtracting(right).paths) == Set(first).subtracting(second))
            let below = first.filter { path in !second.contains { path.starts(with: $0) } }
            #expect(Set(left.subtractingAllBelow(right).paths) == Set(below))
            #expect(try FieldSet(fieldsV1: left.fieldsV1) == left)
            #expect(first.allSatisfy { left.contains($0) })
            #expect(left.union(right) == right.union(left))
        }
    }
}
