import FoundationEssentials
import KubeAPI
import Storage
import Testing

@testable import ControlPlane

/// Server-side apply over HTTP, with upstream's answers.
@Suite struct APIApplyTests {
    @Test func configurationsAreApplied() async throws {
        let type = "application/apply-patch+yaml"
        let maps = "/api/v1/namespaces/default/configmaps"
        let path = "\(maps)/a?fieldManager=one"
        try await ServedStore.run { api in
            try await api.registry.start()
            let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: \"1\"\n"
            let made = try await api.send("PATCH", path, yaml, type: type)
            #expect(made.code == 201)
            #expect(try made.tree()["data"] == ["k": "1"])
            let revision = api.store.revision
            #expect(try await api.send("PATCH", path, yaml, type: type).code == 200)
            #expect(api.store.revision == revision)

            let other = yaml.replacing("\"1\"", with: "\"2\"")
            let conflict = try await api.send("PATCH", "\(maps)/a?fieldManager=two", other, type: type)
            #expect(conflict.code == 409)
            #expect(
                try conflict.tree()[["details", "causes"]] == [
                    ["field": ".data.k", "message": "conflict with \"one\"", "reason": "FieldManagerConflict"]
                ])
            let forced = try await api.send("PATCH", "\(maps)/a?fieldManager=two&force=true", other, type: type)
            #expect(try forced.tree()["data"] == ["k": "2"])

            let nobody = try await api.send("PATCH", "\(maps)/a", yaml, type: type)
            #expect(nobody.code == 422)
            #expect(
                try nobody.tree()["message"]?.string
                    == "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch"
            )
            let force = try await api.send(
                "PATCH", "\(maps)/a?force=true", "{}", type: "application/merge-patch+json")
            #expect(
                try force.tree()["message"]?.string
                    == "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply "
                    + "patch")
        }
    }

    @Test func scalesAreApplied() async throws {
        let type = "application/apply-patch+yaml"
        let path = "/apis/apps/v1/namespaces/default/deployments"
        let deployment = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":2,
            "selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
            "spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """
        func scale(_ replicas: Int) -> String {
            "apiVersion: autoscaling/v1\nkind: Scale\nmetadata: {name: a}\nspec: {replicas: \(replicas)}\n"
        }
        try await ServedStore.run { api in
            try await api.registry.start()
            #expect(try await api.send("PATCH", "\(path)/a?fieldManager=one", deployment, type: type).code == 201)
            // Who owns the number is asked, whichever way it is written.
            let conflict = try await api.send("PATCH", "\(path)/a/scale?fieldManager=two", scale(3), type: type)
            #expect(conflict.code == 409)
            #expect(
                try conflict.tree()[["details", "causes"]] == [
                    ["field": ".spec.replicas", "message": "conflict with \"one\"", "reason": "FieldManagerConflict"]
                ])
            let forced = try await api.send(
                "PATCH", "\(path)/a/scale?fieldManager=two&force=true", scale(3), type: type)
            #expect(forced.code == 200)
            #expect(try forced.tree()[["spec", "replicas"]] == 3)
            let object = try await api.get("\(path)/a")
            let owners = try JSONValue(json: [UInt8](object.body))[["metadata", "managedFields"]]?.array ?? []
            let two = try #require(owners.first { $0["manager"] == "two" })
            #expect(two["subresource"] == "scale" && two["operation"] == "Apply" && two["apiVersion"] == "apps/v1")
            #expect(two["fieldsV1"] == ["f:spec": ["f:replicas": .object(JSONObject())]])
            let one = try #require(owners.first { $0["manager"] == "one" })
            #expect(
                one[["fieldsV1", "f:spec", "f:replicas"]] == nil && one[["fieldsV1", "f:spec", "f:selector"]] != nil)
            // Those that own it change it without force, and others may want the same number.
            #expect(
                try await api.send("PATCH", "\(path)/a/scale?fieldManager=two", scale(4), type: type).code == 200)
            let wrong = try await api.send(
                "PATCH", "\(path)/a/scale?fieldManager=two", scale(-1), type: type)
            #expect(wrong.code == 422)
            #expect(
                try await api.send("PATCH", "\(path)/a/scale?fieldManager=six", scale(4), type: type).code == 200)
            let other = try await api.send("PATCH", "\(path)/a/scale?fieldManager=two", deployment, type: type)
            #expect(other.code == 400)
        }
    }
}
