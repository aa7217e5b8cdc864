import APIMachinery
import KubeAPI
import Storage
import Testing

@testable import ControlPlane

@Suite struct RegistryOwnersTests {
    private static let deployments = Resource(
        group: "apps", version: "v1", kind: "Deployment", plural: "deployments", isNamespaced: true)

    private func options(_ manager: String) -> WriteOptions { WriteOptions(fieldManager: manager) }

    private func owners(_ object: Unstructured) -> [String] {
        (object.managedFields?.array ?? []).map { entry in
            [entry["manager"]?.string, entry["operation"]?.string, entry["subresource"]?.string]
                .compactMap(\.self).joined(separator: "/")
        }
    }

    private func apply(
        _ registry: Registry, _ resource: Resource, _ configuration: JSONValue, by manager: String, force: Bool = false,
        _ part: WrittenPart = .object
    ) async throws(Status) -> (object: Unstructured, isNew: Bool) {
        let kind = try registry.kind(resource)
        let name = ObjectName.inDefault(configuration[["metadata", "name"]]?.string ?? "")
        let result = try await registry.apply(configuration, to: kind, name, part, force: force, options(manager))
        return (try kind.decode(result.record), result.isNew)
    }

    private func configuration(_ data: JSONValue) -> JSONValue {
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a"], "data": data]
    }

    @Test func partsOfThisProcessOwnNothingUntilOthersDo() async throws {
        let registry = try await Registry.started()
        var own = try await registry.create(.configMap("a"), in: .configMaps)
        own["data"] = ["a": "2"]
        own = try await registry.update(own, in: .configMaps, subresource: nil)
        #expect(own.managedFields == nil)

        let kind = try registry.kind(.configMaps)
        var other = try kind.decode(try await registry.create(.configMap("b"), of: kind, options("kubectl")))
        #expect(owners(other) == ["kubectl/Update"])
        other["data"] = ["a": "2"]
        other = try await registry.update(other, in: .configMaps, subresource: nil)
        #expect(owners(other).sorted() == ["fairlead/Update", "kubectl/Update"])
    }

    @Test func nobodyOwnsWhatTheServerAllocates() async throws {
        let registry = try await Registry.started()
        let kind = try registry.kind(.services)
        let service = try kind.decode(try await registry.create(.service("a"), of: kind, options("kubectl")))
        #expect(service[["spec", "clusterIP"]] != nil)
        let fields = service.managedFields?.array?.first?[["fieldsV1", "f:spec"]]
        #expect(fields?["f:clusterIP"] == nil)
        #expect(fields?["f:sessionAffinity"] != nil && fields?["f:ports"] != nil)
    }

    @Test func anAppliedObjectIsMadeThenKeptThenChanged() async throws {
        let registry = try await Registry.started()
        let made = try await apply(registry, .configMaps, configuration(["a": "1", "b": "1"]), by: "one")
        #expect(made.isNew && owners(made.object) == ["one/Apply"])
        let same = try await apply(registry, .configMaps, configuration(["a": "1", "b": "1"]), by: "one")
        #expect(!same.isNew && same.object == made.object)
        let less = try await apply(registry, .configMaps, configuration(["a": "2"]), by: "one").object
        #expect(less["data"] == ["a": "2"])
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await apply(registry, .configMaps, configuration(["a": "3"]), by: "two")
        }
        #expect(failure.code == 409)
        #expect(failure.message == "Apply failed with 1 conflict: conflict with \"one\": .data.a")
        let forced = try await apply(registry, .configMaps, configuration(["a": "3"]), by: "two", force: true).object
        #expect(forced["data"] == ["a": "3"] && owners(forced) == ["two/Apply"])
    }

    @Test func defaultsDoNotMakeTheSameConfigurationAWrite() async throws {
        let registry = try await Registry.started()
        let web: JSONValue = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
            "spec": [
                "replicas": .null, "selector": ["matchLabels": ["a": "b"]],
                "template": [
                    "metadata": ["labels": ["a": "b"]],
                    "spec": ["containers": [["name": "c", "image": "i", "resources": ["limits": ["cpu": "1000m"]]]]],
                ],
            ],
        ]
        let made = try await apply(registry, Self.deployments, web, by: "one").object
        #expect(made[["spec", "replicas"]] == 1)
        #expect(try await apply(registry, Self.deployments, web, by: "one").object == made)
        #expect(made.generation == 1)
    }

    @Test func theStatusHasOwnersOfItsOwn() async throws {
        let registry = try await Registry.started()
        let kind = try registry.kind(.pods)
        let pod = try kind.decode(try await registry.create(.pod("a"), of: kind, options("kubectl")))
        let status: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "a"], "spec": ["nodeName": "n"],
            "status": ["message": "x"],
        ]
        let changed = try await apply(registry, .pods, status, by: "kubelet", .status).object
        #expect(changed[["status", "message"]] == "x" && changed["spec"] == pod["spec"])
        #expect(owners(changed) == ["kubelet/Apply/status", "kubectl/Update"])
        let missing = try await registry.failure { (registry) throws(Status) in
            var status = status
            status[["metadata", "name"]] = "b"
            _ = try await apply(registry, .pods, status, by: "kubelet", .status)
        }
        #expect(missing.code == 404)
    }

    @Test func aScaleOwnsTheNumberOfReplicas() async throws {
        let registry = try await Registry.started()
        let web: JSONValue = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
            "spec": [
                "replicas": 1, "selector": ["matchLabels": ["a": "b"]],
                "template": [
                    "metadata": ["labels": ["a": "b"]], "spec": ["containers": [["name": "c", "image": "i"]]],
                ],
            ],
        ]
        _ = try await apply(registry, Self.deployments, web, by: "one")
        let kind = try registry.kind(Self.deployments)
        _ = try await registry.updateScale(kind, .inDefault("web"), options("hpa")) { (scale) throws(Status) in
            var scale = scale
            scale[["spec", "replicas"]] = 5
            return scale
        }
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await apply(registry, Self.deployments, web, by: "one")
        }
        #expect(
            failure.message
                == "Apply failed with 1 conflict: conflict with \"hpa\" with subresource \"scale\" using apps/v1: "
                + ".spec.replicas")
    }
}
