import APIMachinery
import KubeAPI
import Storage
import Synchronization
import Testing

@testable import ControlPlane

struct RegistryWriteTests {
    @Test func newObjectsGetWhatTheServerGives() async throws {
        let registry = try await Registry.started()
        var given = Unstructured.configMap("a")
        given.uid = "mine"
        given[["metadata", "selfLink"]] = "/x"
        let made = try await registry.create(given, in: .configMaps)
        #expect(made.uid.count == 36 && made.uid != "mine")
        #expect(made.creationTimestamp != nil)
        #expect(made[["metadata", "selfLink"]] == nil)
        let revision = try await registry.store.revision
        #expect(made.resourceVersion == String(revision))
        #expect(try await registry.get(.configMaps, .inDefault("a")) == made)
        #expect(try await registry.list(.configMaps, namespace: "default") == [made])
        #expect(try await registry.list(.configMaps, namespace: "kube-system") == [])
    }

    @Test func aSecondOneOfTheNameIsRefused() async throws {
        let registry = try await Registry.started()
        _ = try await registry.create(.configMap("a"), in: .configMaps)
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(.configMap("a"), in: .configMaps)
        }
        #expect(failure.message == "configmaps \"a\" already exists")
        #expect(failure.code == 409 && failure.reason == "AlreadyExists")
    }

    @Test func aNameThatIsBeingDeletedSaysSo() async throws {
        let registry = try await Registry.started()
        var given = Unstructured.configMap("a")
        given.finalizers = ["example.com/wait"]
        _ = try await registry.create(given, in: .configMaps)
        try await registry.delete(.configMaps, .inDefault("a"), DeletionOptions())
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(.configMap("a"), in: .configMaps)
        }
        #expect(failure.message == "object is being deleted: configmaps \"a\" already exists")
    }

    @Test func namesAreMadeFromTheirBeginning() async throws {
        let registry = try await Registry.started()
        var given = Unstructured.configMap("")
        given[["metadata", "generateName"]] = .string(String(repeating: "x", count: 70) + "-")
        let made = try await registry.create(given, in: .configMaps)
        #expect(made.name.count == 63)
        #expect(made.name.hasPrefix(String(repeating: "x", count: 58)))
    }

    @Test func contentNeedsANamespace() async throws {
        let registry = try await Registry.started()
        var given = Unstructured.configMap("a")
        given.namespace = "nowhere"
        let missing = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(given, in: .configMaps)
        }
        #expect(missing.message == "namespaces \"nowhere\" not found")
        #expect(missing.code == 404)

        _ = try await registry.create(Unstructured(.namespaces, name: "nowhere"), in: .namespaces)
        try await registry.delete(.namespaces, ObjectName(namespace: "", name: "nowhere"), DeletionOptions())
        let ending = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(given, in: .configMaps)
        }
        #expect(
            ending.message
                == "configmaps \"a\" is forbidden: unable to create new content in namespace nowhere because it is "
                + "being terminated")
        #expect(ending.code == 403)
        #expect(
            ending.details?.causes == [
                Status.Cause(
                    field: "metadata.namespace", message: "namespace nowhere is being terminated",
                    reason: "NamespaceTerminating")
            ])
    }

    @Test func rulesOfTheKindAreChecked() async throws {
        let registry = try await Registry.started()
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(.configMap("A_b"), in: .configMaps)
        }
        #expect(failure.code == 422)
        #expect(failure.message.hasPrefix("ConfigMap \"A_b\" is invalid: metadata.name: Invalid value: \"A_b\": "))
    }

    @Test func onlyTheVersionThatIsNamedIsReplaced() async throws {
        let registry = try await Registry.started()
        let first = try await registry.create(.configMap("a"), in: .configMaps)
        var second = first
        second["data"] = ["a": "2"]
        let written = try await registry.update(second, in: .configMaps, subresource: nil)
        #expect(written.resourceVersion != first.resourceVersion)
        #expect(written.uid == first.uid && written.creationTimestamp == first.creationTimestamp)
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.update(second, in: .configMaps, subresource: nil)
        }
        #expect(
            failure.message
                == "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your "
                + "changes to the latest version and try again")
        second.resourceVersion = ""
        second["data"] = ["a": "3"]
        _ = try await registry.update(second, in: .configMaps, subresource: nil)
        #expect(try await registry.get(.configMaps, .inDefault("a"))["data"] == ["a": "3"])
    }

    @Test func anotherObjectOfTheNameIsNotReplaced() async throws {
        let registry = try await Registry.started()
        let made = try await registry.create(.configMap("a"), in: .configMaps)
        var other = made
        other.uid = "other"
        other.resourceVersion = ""
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.update(other, in: .configMaps, subresource: nil)
        }
        #expect(
            failure.message
                == "Operation cannot be fulfilled on configmaps \"a\": StorageError: invalid object, Code: 4, Key: "
                + "/registry/configmaps/default/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in "
                + "precondition: other, UID in object meta: \(made.uid)")
    }

    @Test func whatEqualsWhatIsStoredIsNotWritten() async throws {
        let registry = try await Registry.started()
        let made = try await registry.create(.configMap("a"), in: .configMaps)
        let again = try await registry.update(made, in: .configMaps, subresource: nil)
        #expect(again == made)
        let revision = try await registry.store.revision
        #expect(String(revision) == made.resourceVersion)
    }

    @Test func aDryRunStoresNothing() async throws {
        let registry = try await Registry.started()
        let kind = try registry.kind(.configMaps)
        let revision = try await registry.store.revision
        let record = try await registry.create(.configMap("a"), of: kind, WriteOptions(isDryRun: true))
        #expect(try kind.decode(record).resourceVersion.isEmpty)
        #expect(try await registry.store.revision == revision)
        let made = try await registry.create(.configMap("b"), in: .configMaps)
        let changed = try await registry.update(kind, .inDefault("b"), .object, WriteOptions(isDryRun: true)) { old in
            var object = old ?? made
            object["data"] = ["a": "9"]
            return object
        }
        #expect(try kind.decode(changed.record)["data"] == ["a": "9"])
        #expect(try await registry.get(.configMaps, .inDefault("b")) == made)
        _ = try await registry.delete(kind, .inDefault("b"), DeletionOptions(), WriteOptions(isDryRun: true))
        #expect(try await registry.get(.configMaps, .inDefault("b")) == made)
    }

    /// Many writers of one object: none overwrites what another has written.
    @Test func writesAreWorkedOutAnewWhereAnotherCameBetween() async throws {
        let registry = try await Registry.started()
        let kind = try registry.kind(.configMaps)
        _ = try await registry.create(.configMap("a", ["count": "0"]), in: .configMaps)
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<25 {
                        _ = try await registry.update(kind, .inDefault("a")) { (old) throws(Status) in
                            guard var object = old else { throw .notFound(.configMaps, name: "a") }
                            let count = Int(object[["data", "count"]]?.string ?? "") ?? 0
                            object[["data", "count"]] = .string(String(count + 1))
                            return object
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await registry.get(.configMaps, .inDefault("a"))["data"] == ["count": "200"])
    }

    @Test func statusIsWrittenAlone() async throws {
        let registry = try await Registry.started()
        let made = try await registry.create(.pod("a"), in: .pods)
        var change = made
        change[["status", "phase"]] = "Running"
        change[["spec", "nodeName"]] = "elsewhere"
        let written = try await registry.update(change, in: .pods, subresource: "status")
        #expect(written[["status", "phase"]] == "Running")
        #expect(written[["spec", "nodeName"]] == nil)
        var spec = written
        spec[["status", "phase"]] = "Failed"
        let kept = try await registry.update(spec, in: .pods, subresource: nil)
        #expect(kept[["status", "phase"]] == "Running")
    }

    @Test func followersSeeWhatThereIsAndEveryChange() async throws {
        let registry = try await Registry.started()
        _ = try await registry.create(.configMap("a"), in: .configMaps)
        let seen = Mutex<[String]>([])
        let registration = try await registry.follow(.configMaps) { change in
            let text = "\(change.kind) \(change.name.name) \(change.object?[["data", "a"]]?.string ?? "-")"
            seen.withLock { $0.append(text) }
        }
        var object = try await registry.get(.configMaps, .inDefault("a"))
        object["data"] = ["a": "2"]
        _ = try await registry.update(object, in: .configMaps, subresource: nil)
        try await registry.delete(.configMaps, .inDefault("a"), DeletionOptions())
        registration.cancel()
        _ = try await registry.create(.configMap("b"), in: .configMaps)
        #expect(seen.withLock { $0 } == ["added a 1", "modified a 2", "deleted a 2"])
    }
}
