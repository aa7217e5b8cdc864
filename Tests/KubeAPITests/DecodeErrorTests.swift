import FoundationEssentials
import Testing

@testable import KubeAPI

@Suite struct DecodeErrorTests {
    @Test(arguments: [
        (#"{"port": "eighty"}"#, "spec.ports[0].port: expected an integer, found 'eighty'"),
        (#"{"port": 80.5}"#, "spec.ports[0].port: expected an integer, found 80.5"),
        (#"{"port": 99999999999999999999}"#, "spec.ports[0].port: expected an integer, found 99999999999999999999"),
        (#"{"port": true}"#, "spec.ports[0].port: expected an integer, found true"),
        (#"{"port": {}}"#, "spec.ports[0].port: expected an integer, found an object"),
        (#"{"port": null}"#, "spec.ports[0].port: is required"),
        (#"{}"#, "spec.ports[0].port: is required"),
        (#"{"port": 1, "nodePort": "x"}"#, "spec.ports[0].nodePort: expected an integer, found 'x'"),
        (#"{"port": 1, "name": 7}"#, "spec.ports[0].name: expected a string, found 7"),
        (#"{"port": 1, "targetPort": []}"#, "spec.ports[0].targetPort: expected an integer or a string, found a list"),
        (#"{"port": 1, "targetPort": 1.5}"#, "spec.ports[0].targetPort: expected an integer or a string, found 1.5"),
        (#"7"#, "spec.ports[0]: expected an object, found 7"),
        (#"null"#, "spec.ports[0]: expected an object, found null"),
    ])
    func aPortAtFaultIsNamed(port: String, message: String) {
        #expect(failure(Service.self, #"{"metadata": {"name": "a"}, "spec": {"ports": [\#(port)]}}"#) == message)
    }

    @Test(arguments: [
        (#"{}"#, "metadata: is required"),
        (#"{"metadata": {}}"#, "metadata.name: is required"),
        (#"{"metadata": {"name": ""}}"#, "metadata.name: is required"),
        (#"{"metadata": {"name": 7}}"#, "metadata.name: expected a string, found 7"),
        (#"{"metadata": {"name": "a"}}"#, "spec: is required"),
        (#"{"metadata": {"name": "a", "labels": []}}"#, "metadata.labels: expected an object, found a list"),
        (
            #"{"metadata": {"name": "a", "labels": {"app.kubernetes.io/name": 7}}}"#,
            "metadata.labels[app.kubernetes.io/name]: expected a string, found 7"
        ),
        (#"{"metadata": {"name": "a", "labels": {"80": []}}}"#, "metadata.labels[80]: expected a string, found a list"),
        (
            #"{"metadata": {"name": "a", "creationTimestamp": "soon"}}"#,
            "metadata.creationTimestamp: expected a time such as 2006-01-02T15:04:05Z, found 'soon'"
        ),
        (#"{"metadata": {"name": "a"}, "spec": {"ports": {}}}"#, "spec.ports: expected a list, found an object"),
        (
            #"{"metadata": {"name": "a"}, "spec": {"externalIPs": [1]}}"#,
            "spec.externalIPs[0]: expected a string, found 1"
        ),
        (
            #"{"metadata": {"name": "a"}, "spec": {"publishNotReadyAddresses": "yes"}}"#,
            "spec.publishNotReadyAddresses: expected true or false, found 'yes'"
        ),
        (
            #"{"metadata": {"name": "a"}, "spec": {"healthCheckNodePort": 1e300}}"#,
            "spec.healthCheckNodePort: expected an integer, found a value that cannot be read"
        ),
        (#"{"kind": "Pod", "metadata": {"name": "a"}}"#, "kind: expected 'Service', found 'Pod'"),
        (#"{"apiVersion": "v2"}"#, "apiVersion: expected 'v1', found 'v2'"),
        (#"[]"#, "expected an object, found a list"),
        (#"{"metadata""#, "not valid JSON"),
        ("", "not valid JSON"),
    ])
    func aServiceAtFaultIsToldInPlainWords(json: String, message: String) {
        #expect(failure(Service.self, json) == message)
    }

    @Test func anOverlongOrControlLadenValueIsCutInMessages() {
        let long = String(repeating: "x", count: 1000)
        let message = failure(
            Service.self, #"{"metadata": {"name": "a"}, "spec": {"ports": [{"port": "\u001b\#(long)"}]}}"#)
        #expect(message.hasPrefix("spec.ports[0].port: expected an integer, found '?xxx") && message.count < 140)
    }

    /// No prefix of an object is an object, and none crashes.
    @Test(arguments: Samples.typed)
    func truncatedJSONIsAnErrorAtEveryByte(type: any KubernetesObject.Type, json: String) throws {
        let bytes = Array(json.utf8)
        for length in 0..<bytes.count {
            #expect(throws: DecodeError.malformed) { _ = try JSON.decode(type, from: Data(bytes[..<length])) }
        }
    }

    /// Each value of each sample is replaced by values of every type: an error that has no Swift in it, or an object.
    @Test(arguments: Samples.typed)
    func wrongTypesEverywhereGiveErrorsInPlainWords(type: any KubernetesObject.Type, json: String) throws {
        for replacement in [
            "null", "true", "-1", "1e999", "1.5", "99999999999999999999", #""\ud800""#, "\"x\"", "[]", "{}", "[[]]",
        ] {
            for range in valueRanges(of: json) {
                let message = failure(type, json.replacingCharacters(in: range, with: replacement))
                for leak in ["Swift", "Int", "Dictionary", "Array", "Optional", "decode ", "Codable"] {
                    #expect(!message.contains(leak) || message.contains("InternalIP"), "\(message)")
                }
                #expect(!message.isEmpty)
            }
        }
    }

    /// Each scalar after a colon, and each list or object there up to its opening bracket's partner.
    private func valueRanges(of json: String) -> [Range<String.Index>] {
        var ranges: [Range<String.Index>] = []
        for colon in json.indices where json[colon] == ":" && json[json.index(before: colon)] == "\"" {
            let start = json.index(colon, offsetBy: 2, limitedBy: json.endIndex) ?? json.endIndex
            var depth = 0
            var isQuoted = false
            for index in json[start...].indices {
                let character = json[index]
                if character == "\"" && json[json.index(before: index)] != "\\" { isQuoted.toggle() }
                if isQuoted { continue }
                if depth == 0 && (character == "," || character == "}" || character == "]") {
                    ranges.append(start..<index)
                    break
                }
                if character == "{" || character == "[" { depth += 1 }
                if character == "}" || character == "]" { depth -= 1 }
            }
        }
        return ranges
    }

    @Test(arguments: ["[", #"{"a":"#, #"{"metadata":{"name":"a"},"spec":"#, #"{"items":["#])
    func deepNestingIsAnErrorNotACrash(opening: String) {
        let deep = String(repeating: opening, count: 200_000)
        #expect(failure(Service.self, deep) == "not valid JSON")
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
