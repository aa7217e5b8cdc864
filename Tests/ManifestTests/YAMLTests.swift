import Testing

@testable import Manifest

/// The JSON that YAML text stands for, or the error's text.
private func json(_ yaml: String) -> String {
    do {
        guard let text = DocumentText.documents(of: yaml).first, let document = try Document(text) else {
            return "nothing"
        }
        return String(decoding: document.json, as: UTF8.self)
    } catch let error as DocumentError {
        return error.problem
    } catch {
        return "other error: \(error)"
    }
}

@Suite struct YAMLTests {
    /// The results of sigs.k8s.io/yaml (goyaml.v2/resolve.go).
    @Test(arguments: [
        ("80", "80"), ("'80'", "\"80\""), ("\"80\"", "\"80\""), ("+80", "80"), ("-80", "-80"), ("0x1F", "31"),
        ("0o17", "15"),
        ("017", "15"), ("0b101", "5"), ("-0b101", "-5"), ("1_000", "1000"), ("089", "89.0"), ("0", "0"), ("-0", "0"),
        ("18446744073709551615", "18446744073709551615"), ("-9223372036854775808", "-9223372036854775808"),
        ("99999999999999999999", "99999999999999999999"), ("1.5", "1.5"), (".5", "0.5"), ("1.", "1.0"),
        ("1e3", "1000.0"),
        ("1e999", "\"1e999\""), ("1.2.3", "\"1.2.3\""), ("10.0.0.1", "\"10.0.0.1\""), ("1e", "\"1e\""),
        ("0x", "\"0x\""),
        ("0x+1", "\"0x+1\""), ("+", "\"+\""), (".", "\".\""), ("--1", "\"--1\""),
        ("true", "true"), ("True", "true"), ("tRUE", "\"tRUE\""), ("yes", "true"), ("ON", "true"), ("y", "true"),
        ("no", "false"), ("Off", "false"), ("n", "false"), ("null", "null"), ("~", "null"), ("Null", "null"),
        ("nuLL", "\"nuLL\""),
        ("'true'", "\"true\""), ("!!str 80", "\"80\""), ("!!int '80'", "80"),
        ("!!int 1.5", "'1.5' is not of the type that its tag says"),
        ("! 80", "\"80\""), ("!foo x", "tag !foo is not supported"), (".inf", ".inf has no place in JSON"),
        ("2024-01-01", "\"2024-01-01\""), ("12:30:45", "\"12:30:45\""), ("a b", "\"a b\""),
        ("|\n  a\n  b\n", "\"a\\u000ab\\u000a\""),
        ("\"q\\\"\\\\\\e\"", "\"q\\\"\\\\\\u001b\""),
    ])
    func scalarsAreTypedAsKubernetesTypesThem(scalar: String, expected: String) {
        let found = json("k: \(scalar)")
        #expect(found == "{\"k\":\(expected)}" || found == expected)
    }

    @Test(arguments: [
        ("80: a\ntrue: b\n1.5: c\n'x': d", #"{"80":"a","true":"b","1.5":"c","x":"d"}"#),
        ("~: a", "null cannot be a key"), ("? [a]\n: b", "a list or mapping cannot be a key"),
        ("a: 1\na: 2", "not valid YAML: key 'a' is given twice"),
        ("80: a\n'80': b", "not valid YAML: key '80' is given twice"),
        ("{a: 1, a: 2}", "not valid YAML: key 'a' is given twice"),
        ("x: &a {b: 1, c: 2}\nw:\n  <<: *a\n  c: 3", #"{"x":{"b":1,"c":2},"w":{"c":3,"b":1}}"#),
        ("x: &a {b: 1}\nz: &c {b: 2, d: 3}\nw: {<<: [*a, *c]}", #"{"x":{"b":1},"z":{"b":2,"d":3},"w":{"b":1,"d":3}}"#),
        ("x: &a [1, &b s]\nw: *a\nz: *b", #"{"x":[1,"s"],"w":[1,"s"],"z":"s"}"#),
        ("'<<': 1", #"{"<<":1}"#), ("<<: 1", "not valid YAML: '<<' takes a mapping or a list of mappings"),
        ("x: *nowhere", "not valid YAML: found undefined alias"),
        ("x: &a [*a]", "not valid YAML: found undefined alias"),
    ])
    func mappingsAreRead(yaml: String, expected: String) {
        #expect(json(yaml) == expected)
    }

    @Test func bombsAreRefusedSoon() {
        let clock = ContinuousClock()
        let levels = (1...30).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]" }
        let bomb = (["a0: &a0 [lol, lol]"] + levels).joined(separator: "\n")
        let merges =
            (["a0: &a0 {k: v}"] + (1...40).map { "a\($0): &a\($0) {<<: [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]}" })
            .joined(separator: "\n")
        let keys = [
            "? *a30\n: x", "*a30 : x", "[*a30]: x", "{[*a30, *a30] : x}: y", "z: {? *a30 : x}", "z: {?*a30 : x}",
            "z: {?[*a30] : x}",
        ]
        var messages: [String] = []
        let time = clock.measure {
            messages = [json(bomb), json(merges)] + keys.map { json(bomb + "\n" + $0) }
        }
        #expect(messages[0] == "too large with its aliases written out")
        #expect(messages[1] == "too large with its aliases written out")
        for message in messages[2...] {
            #expect(message == "aliases together with a list or mapping as a key are not supported")
        }
        #expect(time < .seconds(20))
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "[{a: "])
    func deepNestingIsAnErrorNotACrash(opening: String) {
        for depth in [300, 990, 2_000, 100_000] {
            let found = json(String(repeating: opening, count: depth))
            #expect(
                found.hasPrefix("not valid YAML") || found.hasPrefix("nested deeper")
                    || found == "a list or mapping cannot be a key")
        }
        let closed = String(repeating: "[", count: 990) + String(repeating: "]", count: 990)
        #expect(json("a: " + closed) == "nested deeper than 256 levels")
    }

    @Test func hostileTextIsAnErrorNotACrash() {
        let sample = """
            %YAML 1.1
            ---
            a: &x [1, 'two', "three\\n", {b: !!str 4}] # c
            c: |+
              text

            ? d
            : *x
            <<: {e: ~}
            """
        let bytes = Array(sample.utf8)
        for length in 0...bytes.count { _ = json(String(decoding: bytes[..<length], as: UTF8.self)) }
        for index in bytes.indices {
            for byte in "\0\t\n&*!|>%@`'\"[]{},:?-#\u{7F}".utf8 {
                var changed = bytes
                changed[index] = byte
                _ = json(String(decoding: changed, as: UTF8.self))
            }
        }
        #expect(json("a: \0").hasPrefix("not valid YAML"))
        #expect(json("a: \u{FFFE}").hasPrefix("not valid YAML"))
    }
}

@Suite struct YAMLBoundTests {
    /// What is long by itself is not taken for a bomb, and the same text may be used again within reason.
    @Test func largeDocumentsWithoutBombsAreRead() {
        let items = (0..<20_000).map { "- {a: 1, b: ~, \"c\\n\": []}  # \($0)" }.joined(separator: "\n")
        #expect(json("k:\n" + items).utf8.count > 500_000)
        let text = String(repeating: "x", count: 10_000)
        let aliases = String(repeating: "- *a\n", count: 20)
        #expect(json("k: &a \(text)\nl:\n\(aliases)").utf8.count > 200_000)
        let many = String(repeating: "- *a\n", count: 200)
        #expect(json("k: &a \(text)\nl:\n\(many)") == "too large with its aliases written out")
    }

    @Test(arguments: [
        ("a: *x", false), ("a: [*x, *y]", false), ("a: {b: *x}", false), ("<<: *x\nb: c", false), ("a: '? *x'", false),
        ("a: what? b: *x", false), ("a: ?\nb: *x", true), ("a: 5 * 3", false), ("? a\n: b", false), ("*x : a", true),
        ("{a: b}: *x", true), ("[a] : *x", true), ("{? *x : a}", true), ("a: *x\nb: [c]\nd: e", false),
        ("a: *x-y_1\nb: c", false), ("- ? *x", true), ("*x: a", true), ("{?*x : a}", true), ("[?a: *x]", true),
        ("a: |\n  * b\n  **c**: d ? e", false),
        ("{\"a\":*x, [b]: c}", true),
    ])
    func aliasesInKeysAreFound(text: String, isFound: Bool) {
        #expect(AliasedKeys.mayOccur(in: text.utf8) == isFound)
    }
}
