import KubeAPI
import Testing

@testable import APIMachinery

/// Containers that are added to look at a pod.
@Suite struct PodEphemeralRulesTests {
    private static let base =
        #"{"metadata":{"name":"p","namespace":"d"},"spec":{"volumes":[{"name":"v","emptyDir":{}}],"containers":[{"name":"a","image":"x:1"}]}}"#

    private func complaints(_ containers: String, over old: String = "[]") throws -> [String] {
        let rules = try KindTable.row("po")
        var before = try rules.written(Self.base)
        before[["spec", "ephemeralContainers"]] = try JSONValue(json: Array(old.utf8))
        rules.setDefaults(&before)
        var now = before
        now[["spec", "ephemeralContainers"]] = try JSONValue(json: Array(containers.utf8))
        rules.setDefaults(&now)
        return PodRules.ephemeralFailures(now, before).map(\.description)
    }

    @Test func theyAreAdded() throws {
        #expect(try complaints(#"[{"name":"e","image":"i","targetContainerName":"a"}]"#).isEmpty)
        let one = #"[{"name":"e","image":"i"}]"#
        #expect(try complaints(#"[{"name":"f","image":"i"},{"name":"e","image":"i"}]"#, over: one).isEmpty)
    }

    @Test func thoseThatAreThereStay() throws {
        let one = #"[{"name":"e","image":"i"}]"#
        #expect(
            try complaints("[]", over: one) == [
                "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"e\" may not be removed\n"
            ])
        let changed = try complaints(#"[{"name":"e","image":"j"}]"#, over: one)
        #expect(changed.count == 1)
        #expect(
            changed.first?.hasPrefix(
                "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"e\" may not be changed\n@@ -1,5 +1,5 @@\n {\n- \"image\": \"i\",\n+ \"image\": \"j\",\n"
            ) == true)
    }

    @Test(arguments: [
        (
            #"{"name":"a","image":"i"}"#, ["spec.ephemeralContainers[0].name: Duplicate value: \"a\""]
        ),
        (
            #"{"name":"e","image":" i","targetContainerName":"none"}"#,
            [
                "spec.ephemeralContainers[0].image: Invalid value: \" i\": must not have leading or trailing whitespace",
                "spec.ephemeralContainers[0].targetContainerName: Not found: \"none\"",
            ]
        ),
        (
            #"{"name":"e","image":"i","ports":[{"containerPort":1}],"livenessProbe":{"exec":{"command":["x"]}},"resources":{"limits":{"cpu":"1"}}}"#,
            ["ports", "resources", "livenessProbe"].map {
                "spec.ephemeralContainers[0].\($0): Forbidden: cannot be set for an Ephemeral Container"
            }
        ),
        (
            #"{"name":"e","image":"i","volumeMounts":[{"name":"v","mountPath":"/v","subPath":"s"}]}"#,
            [
                "spec.ephemeralContainers[0].volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral Container"
            ]
        ),
    ])
    func rules(container: String, expected: [String]) throws {
        #expect(try complaints("[\(container)]") == expected)
    }
}
