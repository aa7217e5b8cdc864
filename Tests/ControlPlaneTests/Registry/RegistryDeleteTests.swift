import APIMachinery
import KubeAPI
import Storage
import Testing

@testable import ControlPlane

struct RegistryDeleteTests {
    @Test func anObjectWithNothingToWaitForGoes() async throws {
        let registry = try await Registry.started()
        _ = try await registry.create(.configMap("a"), in: .configMaps)
        try await registry.delete(.configMaps, .inDefault("a"), DeletionOptions())
        let failure = try await registry.failure { (registry) throws(Status) in
            try await registry.delete(.configMaps, .inDefault("a"), DeletionOptions())
        }
        #expect(failure.message == "configmaps \"a\" not found")
    }

    @Test func finalizersHoldAnObjectUntilTheLastIsGone() async throws {
        let registry = try await Registry.started()
        var given = Unstructured.configMap("a")
        given.finalizers = ["example.com/one", "example.com/two"]
        _ = try await registry.create(given, in: .configMaps)
        try await registry.delete(.configMaps, .inDefault("a"), DeletionOptions())
        var marked = try await registry.get(.configMaps, .inDefault("a"))
        #expect(marked.deletionTimestamp != nil)
        #expect(marked.deletionGracePeriodSeconds == 0)
        marked.finalizers = ["example.com/two"]
        marked = try await registry.update(marked, in: .configMaps, subresource: nil)
        #expect(marked.deletionTimestamp != nil)
        marked.finalizers = []
        _ = try await registry.update(marked, in: .configMaps, subresource: nil)
        #expect(try await registry.find(.configMaps, .inDefault("a")) == nil)
    }

    @Test func propagationIsAFinalizer() async throws {
        let registry = try await Registry.started()
        for (propagation, finalizer) in [
            (DeletionOptions.Propagation.foreground, "foregroundDeletion"), (.orphan, "orphan"),
        ] {
            _ = try await registry.create(.configMap(finalizer.lowercased()), in: .configMaps)
            let name = ObjectName.inDefault(finalizer.lowercased())
            try await registry.delete(.configMaps, name, DeletionOptions(propagation: propagation))
            #expect(try await registry.get(.configMaps, name).finalizers == [finalizer])
            // The other way says it anew.
            try await registry.delete(.configMaps, name, DeletionOptions(propagation: .background))
            #expect(try await registry.find(.configMaps, name) == nil)
        }
    }

    @Test func aPodOnANodeIsGivenTime() async throws {
        let registry = try await Registry.started()
        let kind = try registry.kind(.pods)
        _ = try await registry.create(.pod("a", node: "n1"), in: .pods)
        try await registry.delete(.pods, .inDefault("a"), DeletionOptions())
        let marked = try await registry.get(.pods, .inDefault("a"))
        #expect(marked.deletionGracePeriodSeconds == 30)
        let end = try #require(marked.deletionTimestamp)
        // A longer time changes nothing; a shorter one does.
        guard
            case .unchanged = try await registry.delete(kind, .inDefault("a"), DeletionOptions(gracePeriodSeconds: 60))
        else { throw Status(code: 0, reason: "", message: "changed") }
        try await registry.delete(.pods, .inDefault("a"), DeletionOptions(gracePeriodSeconds: 10))
        let shortened = try await registry.get(.pods, .inDefault("a"))
        #expect(shortened.deletionGracePeriodSeconds == 10)
        #expect(shortened.deletionTimestamp.map { $0 < end } == true)
        // What the node confirms with.
        try await registry.delete(.pods, .inDefault("a"), DeletionOptions(gracePeriodSeconds: 0))
        #expect(try await registry.find(.pods, .inDefault("a")) == nil)
    }

    @Test func aPodWithoutANodeGoesAtOnce() async throws {
        let registry = try await Registry.started()
        _ = try await registry.create(.pod("a"), in: .pods)
        try await registry.delete(.pods, .inDefault("a"), DeletionOptions())
        #expect(try await registry.find(.pods, .inDefault("a")) == nil)
    }

    @Test func preconditionsMustHold() async throws {
        let registry = try await Registry.started()
        let made = try await registry.create(.configMap("a"), in: .configMaps)
        let uid = try await registry.failure { (registry) throws(Status) in
            try await registry.delete(.configMaps, .inDefault("a"), DeletionOptions(uid: "other"))
        }
        #expect(
            uid.message
                == "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (other) does not match "
                + "the UID in record (\(made.uid)). The object might have been deleted and then recreated")
        let version = try await registry.failure { (registry) throws(Status) in
            try await registry.delete(.configMaps, .inDefault("a"), DeletionOptions(resourceVersion: "1"))
        }
        #expect(version.code == 409)
        #expect(version.message.contains("the ResourceVersion in the precondition (1) does not match"))
    }

    @Test func aNamespaceWaitsForItsContents() async throws {
        let registry = try await Registry.started()
        let name = ObjectName(namespace: "", name: "team")
        let made = try await registry.create(Unstructured(.namespaces, name: "team"), in: .namespaces)
        #expect(made[["spec", "finalizers"]] == ["kubernetes"])
        #expect(made.labels == ["kubernetes.io/metadata.name": "team"])
        try await registry.delete(.namespaces, name, DeletionOptions())
        var marked = try await registry.get(.namespaces, name)
        #expect(marked[["status", "phase"]] == "Terminating")
        try await registry.delete(.namespaces, name, DeletionOptions())
        #expect(try await registry.get(.namespaces, name) == marked)
        // What its controller says once it is empty.
        marked[["spec", "finalizers"]] = nil
        _ = try await registry.update(marked, in: .namespaces, subresource: "finalize")
        #expect(try await registry.find(.namespaces, name) == nil)
    }

    @Test func theSystemsNamespacesStay() async throws {
        let registry = try await Registry.started()
        let failure = try await registry.failure { (registry) throws(Status) in
            try await registry.delete(.namespaces, ObjectName(namespace: "", name: "default"), DeletionOptions())
        }
        #expect(failure.message == "namespaces \"default\" is forbidden: this namespace may not be deleted")
    }
}
