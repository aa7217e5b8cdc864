import Testing

@testable import KubeAPI

@Suite struct JSONValueTests {
    @Test(
        "keys in any order give the same object",
        arguments: [
            #"{"a":1,"b":2,"c":3}"#, #"{"c":3,"b":2,"a":1}"#, #"{"b":2,"a":1,"c":3}"#,
            #"{"c":9,"b":8,"a":1,"c":3,"b":2}"#,
            #"{"a":9,"a":1,"b":2,"b":2,"c":9,"c":9,"c":3}"#,
        ])
    func keyOrder(json: String) throws {
        let value = try JSONValue(json: Array(json.utf8))
        #expect(value == .object(JSONObject(["a": .integer(1), "b": .integer(2), "c": .integer(3)])))
    }

    @Test func duplicatesAreToldWhateverTheOrder() throws {
        var duplicates: [String] = []
        _ = try JSONValue(
            json: Array(#"{"z":{"b":1,"a":2,"b":3},"a":1,"z":[{"c":1,"c":2}]}"#.utf8), duplicates: &duplicates)
        #expect(duplicates == ["z.b", "z", "z[0].c"])
        duplicates = []
        _ = try JSONValue(json: Array(#"{"z":{"b":1,"a":2},"a":1}"#.utf8), duplicates: &duplicates)
        #expect(duplicates.isEmpty)
    }

    /// In the order of the text each would be put before all others: that took a minute.
    @Test(.timeLimit(.minutes(1))) func manyKeysInDescendingOrderAreRead() throws {
        let count = 50_000
        let fields = (0..<count).reversed().map { "\"k\(100_000 + $0)\":\($0)" }
        let value = try JSONValue(json: Array("{\(fields.joined(separator: ",")),\"k100007\":true}".utf8))
        guard case .object(let object) = value else {
            Issue.record("not an object")
            return
        }
        #expect(object.count == count)
        #expect(object["k100000"] == .integer(0) && object["k149999"] == .integer(49_999))
        #expect(object["k100007"] == .bool(true))
        #expect(object.keys == object.keys.sorted())
    }
}
