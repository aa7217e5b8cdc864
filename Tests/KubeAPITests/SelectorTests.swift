import FoundationEssentials
import Testing

@testable import KubeAPI

@Suite struct SelectorTests {
    @Test(arguments: [
        ("", "a=b", true), ("a=b", "a=b", true), ("a==b", "a=b", true), ("a=b", "a=c", false), ("a=b", "", false),
        ("a!=b", "a=b", false), ("a!=b", "a=c", true), ("a!=b", "", true), ("a=", "a=", true), ("a=", "", false),
        ("a=,b", "a=,b=1", true), ("a in (x,y)", "a=y", true), ("a in (x,y)", "a=z", false), ("a in (x,y)", "", false),
        ("a in (x,)", "a=", true), ("a notin (x, y)", "a=y", false), ("a notin (x,y)", "", true), ("a", "a=1", true),
        ("a", "", false), ("!a", "", true), ("! a", "a=1", false), ("a=b,c!=d,e in (x,y),!f", "a=b,e=x", true),
        ("a=b,c!=d,e in (x,y),!f", "a=b,e=x,f=1", false), (" a = b , c ", "a=b,c=", true),
        ("in in (in)", "in=in", true), ("example.com/a-b_c=1.2", "example.com/a-b_c=1.2", true),
    ])
    func textSelectsLabels(selector: String, labels: String, isMatch: Bool) throws {
        var map: [String: String] = [:]
        for pair in labels.split(separator: ",") {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
            map[String(parts[0])] = String(parts[1])
        }
        #expect(try LabelQuery(parsing: selector).matches(map) == isMatch)
    }

    @Test(arguments: [
        "a b", "a=b c", ",", "a,", ",a", "a,,b", "=b", "a in", "a in x", "a in (x", "a in (x y)", "a in (x,y", "!",
        "!=b",
        "a===b", "a=!b", "(a)", "a)", "-a=b", "a=-b", "A.b/=c", "/a=b", "a/b/c=d", "Ex.com/a",
        "a=\(String(repeating: "x", count: 64))",
        "a>1", "é=b",
    ])
    func textThatIsNoSelectorIsATypedError(selector: String) {
        #expect(throws: SelectorError.self) { try LabelQuery(parsing: selector) }
    }

    @Test func expressionsSelectLabels() throws {
        let json = """
            {"matchLabels": {"app": "web"}, "matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["a", "b"]}, {"key": "old", "operator": "DoesNotExist"},
                {"key": "x", "operator": "NotIn", "values": ["y"]}, {"key": "zone", "operator": "Exists"}]}
            """
        let query = try LabelQuery(JSON.decode(LabelSelector.self, from: Data(json.utf8)))
        let labels = ["app": "web", "tier": "b", "zone": ""]
        #expect(query.matches(labels))
        for (key, value) in [("app", "db"), ("tier", "c"), ("old", ""), ("x", "y"), ("zone", nil)]
            as [(String, String?)]
        {
            var changed = labels
            changed[key] = value
            #expect(!query.matches(changed), "\(key)")
        }
        #expect(try LabelQuery(LabelSelector()).matches([:]))
    }

    @Test(arguments: [
        (LabelSelector.Expression(key: "a", operator: "In"), SelectorError.valuesMissing(key: "a")),
        (.init(key: "a", operator: "Exists", values: ["b"]), .valuesNotAllowed(key: "a", operator: "Exists")),
        (.init(key: "a", operator: "Gt", values: ["1"]), .unknownOperator("Gt", key: "a")),
        (.init(key: "", operator: "Exists"), .invalidKey("")),
        (.init(key: "a", operator: "NotIn", values: ["b c"]), .invalidValue("b c", key: "a")),
    ])
    func anExpressionAtFaultIsNamed(expression: LabelSelector.Expression, error: SelectorError) {
        #expect(throws: error) { try LabelQuery(LabelSelector(matchExpressions: [expression])) }
    }

    @Test func aServiceWithoutASelectorSelectsNothing() {
        #expect(!ServiceSpec().selects(["app": "web"]))
        #expect(ServiceSpec(selector: ["app": "web"]).selects(["app": "web", "x": "y"]))
        #expect(!ServiceSpec(selector: ["app": "web", "x": "z"]).selects(["app": "web", "x": "y"]))
    }

    @Test func fieldSelectorsAreParsed() throws {
        let query = try FieldQuery(parsing: #"metadata.name=x,spec.nodeName!=y,a==b,c=d\,e\=f\\,"#)
        #expect(
            query.requirements == [
                .init(path: "metadata.name", value: "x"), .init(path: "spec.nodeName", value: "y", isNegated: true),
                .init(path: "a", value: "b"), .init(path: "c", value: #"d,e=f\"#),
            ])
        let fields = ["metadata.name": "x", "spec.nodeName": "z", "a": "b", "c": #"d,e=f\"#]
        #expect(query.matches { fields[$0] ?? "" })
        #expect(!query.matches { $0 == "spec.nodeName" ? "y" : fields[$0] ?? "" })
        #expect(try FieldQuery(parsing: "").matches { _ in "" })
        for text in ["a", "=b", "!=b", #"a=\"#, #"a=\n"#, "a=b=c"] {
            #expect(throws: SelectorError.self) { try FieldQuery(parsing: text) }
        }
    }
}
