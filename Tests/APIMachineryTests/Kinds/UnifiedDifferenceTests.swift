import KubeAPI
import Testing

@testable import APIMachinery

@Suite struct UnifiedDifferenceTests {
    private func lines(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    /// What `diff -u` says of the same texts, without its first two lines.
    @Test(arguments: [
        ("a b c", "a b c", ""), ("", "a", "@@ -0,0 +1 @@\n+a\n"), ("a", "", "@@ -1 +0,0 @@\n-a\n"),
        ("a b c", "a x c", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"),
        (
            "1 2 3 4 5 6 7 8 9", "1 2 3 4 x 5 6 7 8 9", "@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n"
        ),
        (
            "a 1 2 3 4 5 6 7 b", "x 1 2 3 4 5 6 7 y",
            "@@ -1,4 +1,4 @@\n-a\n+x\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+y\n"
        ),
        (
            "a 1 2 3 4 5 6 b", "x 1 2 3 4 5 6 y",
            "@@ -1,8 +1,8 @@\n-a\n+x\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+y\n"
        ),
    ])
    func texts(old: String, new: String, expected: String) {
        #expect(UnifiedDifference.text(from: lines(old), to: lines(new)) == expected)
    }

    @Test func trees() throws {
        let old = try JSONValue(json: Array(#"{"b":[1,{"c":"x"}],"a":{}}"#.utf8))
        let new = try JSONValue(json: Array(#"{"a":{},"b":[1,{"c":"y"}]}"#.utf8))
        #expect(
            UnifiedDifference.text(from: old, to: new)
                == "@@ -3,7 +3,7 @@\n  \"b\": [\n   1,\n   {\n-   \"c\": \"x\"\n+   \"c\": \"y\"\n   }\n  ]\n }\n")
        #expect(UnifiedDifference.text(from: old, to: old).isEmpty)
    }
}
