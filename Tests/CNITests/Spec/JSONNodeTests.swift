import CNI
import Testing

@Suite struct JSONNodeTests {
    @Test func valuesAreRead() throws {
        let node = try JSONNode(#" {"a": [1, -2.5e+3, true, false, null], "b": {"c": "x"}, "": ""} "#)
        let expected = JSONNode.object([
            "a": .array([.number("1"), .number("-2.5e+3"), .bool(true), .bool(false), .null]),
            "b": .object(["c": .string("x")]), "": .string(""),
        ])
        #expect(node == expected)
    }

    @Test func aTextIsWrittenAsItWasRead() throws {
        let text = #"{"z":1,"a":[{},[],"\"\\\n\t\u0001é😀/"],"m":{"n":null}}"#
        #expect(try JSONNode(text).text == text)
    }

    @Test(arguments: [
        (#""\u00e9\ud83d\ude00\/\b\f\r""#, "é😀/\u{8}\u{C}\r"),
        (#""\ud83dx""#, "\u{FFFD}x"), (#""\ude00""#, "\u{FFFD}"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
    ])
    func escapesAreUndone(text: String, expected: String) throws {
        #expect(try JSONNode(text) == .string(expected))
    }

    @Test func bytesThatAreNoUTF8AreReplaced() throws {
        #expect(try JSONNode(parsing: [0x22, 0x61, 0xFF, 0x22]) == .string("a\u{FFFD}"))
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "01", "1.", ".5", "1e", "-", "+1", "tru", "nul",
        "\"a", "\"\\x\"", "\"\\u12\"", "\"a\nb\"", "1 2", "{} x", "'a'", "\u{FEFF}{}", "[1 2]", "NaN", "\"\\",
    ])
    func whatIsNoJSONIsRefusedWithItsOffset(text: String) throws {
        let error = #expect(throws: CNIError.self) { try JSONNode(text) }
        #expect(error?.code == .undecodable)
        #expect(error?.message.contains("offset") == true)
    }

    @Test func depthAndSizeAreBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSONNode(nested(JSONNode.limitDepth)) }
        #expect(throws: CNIError.self) { try JSONNode(nested(JSONNode.limitDepth + 1)) }
        #expect(throws: CNIError.self) { try JSONNode(String(repeating: "{\"a\":", count: 100_000)) }
        let tooLong = [UInt8](repeating: 0x20, count: JSONNode.limitBytes) + [0x31]
        #expect(throws: CNIError.self) { try JSONNode(parsing: tooLong) }
        #expect(try JSONNode(parsing: Array(tooLong.dropFirst())) == .number("1"))
    }

    @Test func namesAreFoundInAnyCaseAndTheLastCounts() throws {
        let object = try #require(try JSONNode(#"{"HostPort": 1, "hostport": 2, "a": 1, "a": 2, "A": 3}"#).object)
        #expect(object["hostPort"] == .number("2"))
        #expect(object["HostPort"] == .number("1"))
        #expect(object["a"] == .number("2"))
        #expect(object["b"] == nil)
        // The two differ in the bit that tells letters' case.
        let marks = try #require(try JSONNode(##"{"@": 1, "[": 2}"##).object)
        #expect(marks["`"] == nil)
        #expect(marks["{"] == nil)
    }
}
