import KubeAPI
import Testing

@testable import APIMachinery

@Suite("Strategic merge patches")
struct StrategicMergePatchTests {
    private func apply(_ patch: String, to original: String, as name: String) throws -> String {
        let schema = try #require(SchemaCatalog.kubernetes[name])
        let result = try StrategicMergePatch.apply(
            PatchTests.value(patch), to: PatchTests.value(original), as: schema)
        return String(decoding: result.json, as: UTF8.self)
    }

    private static let pod = "io.k8s.api.core.v1.PodSpec"
    private static let two = #"{"containers":[{"image":"a:1","name":"a"},{"image":"b:1","name":"b"}]}"#

    @Test(
        "Lists are merged by their keys",
        arguments: [
            (
                #"{"containers":[{"name":"b","image":"b:2"}]}"#,
                #"[{"image":"a:1","name":"a"},{"image":"b:2","name":"b"}]"#
            ),
            (
                #"{"containers":[{"name":"c","image":"c"}]}"#,
                #"[{"image":"c","name":"c"},{"image":"a:1","name":"a"},{"image":"b:1","name":"b"}]"#
            ),
            (#"{"containers":[{"name":"a","$patch":"delete"}]}"#, #"[{"image":"b:1","name":"b"}]"#),
            (#"{"containers":[{"$patch":"replace"},{"name":"c"}]}"#, #"[{"name":"c"}]"#),
            (#"{"containers":[{"$patch":"replace"}]}"#, "[]"),
            (#"{"containers":[{"name":"a","image":null}]}"#, #"[{"name":"a"},{"image":"b:1","name":"b"}]"#),
            (
                #"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}"#,
                #"[{"image":"b:1","name":"b"},{"image":"a:1","name":"a"}]"#
            ),
            (
                #"{"$setElementOrder/containers":[{"name":"a"},{"name":"c"}],"containers":[{"name":"c"},{"name":"b","$patch":"delete"}]}"#,
                #"[{"image":"a:1","name":"a"},{"name":"c"}]"#
            ),
            (
                #"{"$setElementOrder/containers":[{"name":"x"},{"name":"b"}],"containers":[{"name":"x"}]}"#,
                #"[{"name":"x"},{"image":"a:1","name":"a"},{"image":"b:1","name":"b"}]"#
            ),
        ])
    func lists(patch: String, containers: String) throws {
        #expect(try apply(patch, to: Self.two, as: Self.pod) == #"{"containers":\#(containers)}"#)
    }

    @Test(
        "Other lists are replaced, and objects merged",
        arguments: [
            (
                pod, #"{"tolerations":[{"key":"a"}]}"#, #"{"tolerations":[{"key":"b"}]}"#,
                #"{"tolerations":[{"key":"b"}]}"#
            ),
            (
                pod, #"{"nodeSelector":{"a":"1","b":"2"}}"#, #"{"nodeSelector":{"a":null,"c":"3"}}"#,
                #"{"nodeSelector":{"b":"2","c":"3"}}"#
            ),
            (
                pod, #"{"nodeSelector":{"a":"1"}}"#, #"{"nodeSelector":{"$patch":"replace","b":"2"}}"#,
                #"{"nodeSelector":{"b":"2"}}"#
            ),
            (pod, #"{"dnsConfig":{"searches":["a"]}}"#, #"{"dnsConfig":{"$patch":"delete"}}"#, #"{"dnsConfig":{}}"#),
            (pod, #"{"hostname":"a"}"#, #"{"hostname":null,"subdomain":null}"#, "{}"),
            (
                pod, "{}", #"{"dnsConfig":{"searches":null,"options":[{"$patch":"delete","name":"a"},{"name":"b"}]}}"#,
                #"{"dnsConfig":{"options":[{"name":"b"}]}}"#
            ),
            (
                "io.k8s.api.policy.v1.PodDisruptionBudgetSpec", #"{"selector":{"matchLabels":{"a":"1"}}}"#,
                #"{"selector":{"matchLabels":{"b":"2"}}}"#, #"{"selector":{"matchLabels":{"b":"2"}}}"#
            ),
            (
                "io.k8s.api.core.v1.ServiceSpec",
                #"{"ports":[{"port":80,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}"#,
                #"{"ports":[{"port":80,"nodePort":30000}]}"#,
                #"{"ports":[{"nodePort":30000,"port":80,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}"#
            ),
        ])
    func others(schema: String, original: String, patch: String, expected: String) throws {
        #expect(try apply(patch, to: original, as: schema) == expected)
    }

    private static let meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"

    @Test(
        "Lists of scalars are sets",
        arguments: [
            (#"{"finalizers":["c"]}"#, #"["c","a","b"]"#), (#"{"finalizers":["b"]}"#, #"["a","b"]"#),
            (#"{"$deleteFromPrimitiveList/finalizers":["a"]}"#, #"["b"]"#),
            (
                #"{"$deleteFromPrimitiveList/finalizers":["a"],"$setElementOrder/finalizers":["c","b"],"finalizers":["c"]}"#,
                #"["c","b"]"#
            ),
            (#"{"$setElementOrder/finalizers":["b","a"]}"#, #"["b","a"]"#),
        ])
    func scalars(patch: String, expected: String) throws {
        #expect(try apply(patch, to: #"{"finalizers":["a","b"]}"#, as: Self.meta) == #"{"finalizers":\#(expected)}"#)
    }

    @Test("Where keys are retained, the others go")
    func retainKeys() throws {
        let schema = "io.k8s.api.apps.v1.DeploymentSpec"
        #expect(
            try apply(
                #"{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}"#,
                to: #"{"strategy":{"rollingUpdate":{"maxSurge":1},"type":"RollingUpdate"}}"#, as: schema)
                == #"{"strategy":{"type":"Recreate"}}"#)
        #expect(
            try apply(
                #"{"volumes":[{"$retainKeys":["name","emptyDir"],"name":"v","emptyDir":{}}]}"#,
                to: #"{"volumes":[{"configMap":{"name":"c"},"name":"v"}]}"#, as: Self.pod)
                == #"{"volumes":[{"emptyDir":{},"name":"v"}]}"#)
    }

    /// What `kubectl apply` makes of two containers of which one is changed, one dropped and one added.
    @Test("A patch of kubectl apply")
    func kubectlApply() throws {
        let live =
            #"{"containers":[{"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"image":"a:1","imagePullPolicy":"Always","name":"a"},{"image":"b:1","name":"b"},{"image":"side","name":"injected"}],"volumes":[{"configMap":{"name":"c"},"name":"v"}]}"#
        let patch =
            #"{"$setElementOrder/containers":[{"name":"a"},{"name":"c"}],"$setElementOrder/volumes":[{"name":"v"}],"containers":[{"$setElementOrder/env":[{"name":"B"},{"name":"C"}],"env":[{"name":"C","value":"3"},{"$patch":"delete","name":"A"}],"image":"a:2","name":"a"},{"image":"c:1","name":"c"},{"$patch":"delete","name":"b"}],"volumes":[{"$retainKeys":["name","secret"],"configMap":null,"name":"v","secret":{"secretName":"s"}}]}"#
        #expect(
            try apply(patch, to: live, as: Self.pod)
                == #"{"containers":[{"env":[{"name":"B","value":"2"},{"name":"C","value":"3"}],"image":"a:2","imagePullPolicy":"Always","name":"a"},{"image":"c:1","name":"c"},{"image":"side","name":"injected"}],"volumes":[{"name":"v","secret":{"secretName":"s"}}]}"#
        )
    }

    @Test(
        "Directives that are wrong are refused",
        arguments: [
            (#"{"$patch":"shrink"}"#, "unknown patch type: shrink in map: map[$patch:shrink]"),
            (#"{"containers":[{"image":"x"}]}"#, "map: map[image:x] does not contain declared merge key: name"),
            (
                #"{"containers":[{"$patch":"delete"}]}"#,
                "map: map[$patch:delete] does not contain declared merge key: name"
            ),
            (#"{"containers":[{"$patch":"merge"}]}"#, "merging lists cannot yet be specified in the patch"),
            (
                #"{"containers":["a"]}"#,
                "list element types are not identical: [[map[image:a:1 name:a] map[image:b:1 name:b]] [a]]"
            ),
            (#"{"$retainKeys":["hostname"],"subdomain":"a"}"#, "invalid patch format of retainKeys"),
            (#"{"$retainKeys":"hostname"}"#, "invalid patch format of retainKeys"),
            (#"{"$setElementOrder":[]}"#, "invalid patch format of setElementOrder list"),
            (#"{"$setElementOrder/containers":{}}"#, "invalid patch format of setElementOrder list"),
            (#"{"$deleteFromPrimitiveList":["a"]}"#, "invalid patch format of primitive list"),
            (
                #"{"containers":[["a"]]}"#,
                "list element types are not identical: [[map[image:a:1 name:a] map[image:b:1 name:b]] [[a]]]"
            ),
            (
                #"{"$setElementOrder/containers":[{"name":"b"}],"containers":[{"name":"a"}]}"#,
                "The order in patch list:\n[map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:b]]\n"
            ),
        ])
    func wrong(patch: String, expected: String) throws {
        let error = try #require(throws: PatchError.self) { try apply(patch, to: Self.two, as: Self.pod) }
        #expect(error.description == expected)
    }

    @Test("Random patches end, with a result or with an error")
    func random() throws {
        var generator = SeededGenerator(seed: 7)
        let schema = try #require(SchemaCatalog.kubernetes["io.k8s.api.core.v1.Pod"])
        var results = 0
        for _ in 0..<4000 {
            let original = JSONValue.random(depth: 5, &generator)
            let patch = JSONValue.random(depth: 5, &generator)
            if (try? StrategicMergePatch.apply(patch, to: original, as: schema)) != nil { results += 1 }
            if (try? JSONPatch(patch).apply(to: original)) != nil { results += 1 }
            let merged = MergePatch.apply(patch, to: original)
            #expect(MergePatch.apply(patch, to: merged) == merged)
            var tree = merged
            if (try? SchemaCheck.normalise(&tree, as: schema)) != nil {
                var again = tree
                #expect(try SchemaCheck.normalise(&again, as: schema) == [])
                #expect(again == tree)
                results += 1
            }
        }
        #expect(results > 1000)
    }
}

/// The same numbers in every run (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension JSONValue {
    private static let keys = [
        "metadata", "spec", "containers", "name", "image", "env", "finalizers", "labels", "volumes", "$patch",
        "$retainKeys", "$setElementOrder/containers", "$setElementOrder/finalizers",
        "$deleteFromPrimitiveList/finalizers", "$setElementOrder/env", "ports", "containerPort", "resources", "limits",
        "op", "path", "creationTimestamp",
    ]
    private static let texts = [
        "a", "b", "delete", "replace", "merge", "1", "/spec/containers/0", "/spec", "add", "remove", "test", "1Gi",
        "2024-01-01T00:00:00Z",
    ]

    fileprivate static func random(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: depth > 0 ? 0..<12 : 0..<5, using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .integer(.random(in: -2...3, using: &generator))
        case 3, 4: return .string(texts.randomElement(using: &generator) ?? "")
        case 5, 6, 7:
            return .array(
                (0..<Int.random(in: 0..<4, using: &generator)).map { _ in random(depth: depth - 1, &generator) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<6, using: &generator) {
                object[keys.randomElement(using: &generator) ?? ""] = random(depth: depth - 1, &generator)
            }
            return .object(object)
        }
    }
}
