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
}
