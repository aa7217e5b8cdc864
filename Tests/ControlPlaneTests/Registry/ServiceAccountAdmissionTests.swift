import APIMachinery
import KubeAPI
import Net
import Storage
import Testing

@testable import ControlPlane

@Suite struct ServiceAccountAdmissionTests {
    private let path = "/var/run/secrets/kubernetes.io/serviceaccount"

    private func registry() async throws -> Registry {
        let allocator = try ClusterAllocator(
            serviceCIDRs: [try IPPrefix("10.96.0.0/16")], nodePorts: try PortRange("30000-32767"))
        let registry = Registry(store: EmbeddedStore(), allocator: allocator, givesTokens: true)
        try await registry.start()
        return registry
    }

    private func account(_ name: String, _ fields: [String: JSONValue] = [:]) -> Unstructured {
        var account = Unstructured(.serviceAccounts, namespace: "default", name: name)
        for (key, value) in fields { account[key] = value }
        return account
    }

    private func pod(_ name: String, _ spec: [String: JSONValue] = [:]) -> Unstructured {
        var pod = Unstructured.pod(name)
        for (key, value) in spec { pod[["spec", key]] = value }
        return pod
    }

    @Test func aPodGetsTheTokenOfItsAccount() async throws {
        let registry = try await registry()
        let pod = try await registry.create(
            pod(
                "p",
                [
                    "initContainers": [["name": "i", "image": "i"]],
                    "containers": [
                        ["name": "a", "image": "i"],
                        ["name": "b", "image": "i", "volumeMounts": [["name": "own", "mountPath": .string(path)]]],
                    ],
                    "volumes": [["name": "own", "emptyDir": .object(JSONObject())]],
                ]), in: .pods)
        let volumes = pod.tree.list(at: "spec", "volumes")
        let name = volumes[1].text(at: "name")
        #expect(volumes.count == 2 && name.hasPrefix("kube-api-access-") && name.count == 21)
        #expect(
            volumes[1]["projected"] == [
                "defaultMode": 420,
                "sources": [
                    ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]],
                    ["configMap": ["items": [["key": "ca.crt", "path": "ca.crt"]], "name": "kube-root-ca.crt"]],
                    [
                        "downwardAPI": [
                            "items": [
                                [
                                    "fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.namespace"],
                                    "path": "namespace",
                                ]
                            ]
                        ]
                    ],
                ],
            ])
        let mount: JSONValue = ["mountPath": .string(path), "name": .string(name), "readOnly": true]
        let containers = pod.tree.list(at: "spec", "containers")
        #expect(pod.tree.list(at: "spec", "initContainers")[0].list(at: "volumeMounts") == [mount])
        #expect(containers[0].list(at: "volumeMounts") == [mount])
        #expect(containers[1].list(at: "volumeMounts").map { $0.text(at: "name") } == ["own"])
        #expect(pod.tree.text(at: "spec", "serviceAccountName") == "default")
    }

    @Test(arguments: [(nil, nil, true), (false, nil, false), (true, false, false), (false, true, true)])
    func whoWantsNone(account: Bool?, pod: Bool?, isMounted: Bool) async throws {
        let registry = try await registry()
        let fields = account.map { ["automountServiceAccountToken": JSONValue($0)] } ?? [:]
        _ = try await registry.create(self.account("robot", fields), in: .serviceAccounts)
        var spec: [String: JSONValue] = ["serviceAccountName": "robot"]
        spec["automountServiceAccountToken"] = pod.map { JSONValue($0) }
        let made = try await registry.create(self.pod("p", spec), in: .pods)
        #expect(made.tree.list(at: "spec", "volumes").isEmpty != isMounted)
    }

    @Test func secretsForImages() async throws {
        let registry = try await registry()
        let secrets: JSONValue = [["name": "registry"]]
        _ = try await registry.create(account("robot", ["imagePullSecrets": secrets]), in: .serviceAccounts)
        let made = try await registry.create(pod("p", ["serviceAccountName": "robot"]), in: .pods)
        #expect(made[["spec", "imagePullSecrets"]] == secrets)
        let own: JSONValue = [["name": "own"]]
        let other = try await registry.create(
            pod("q", ["serviceAccountName": "robot", "imagePullSecrets": own]), in: .pods)
        #expect(other[["spec", "imagePullSecrets"]] == own)
    }

    @Test func anAccountThatIsNotThere() async throws {
        let registry = try await registry()
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(self.pod("p", ["serviceAccountName": "robot"]), in: .pods)
        }
        #expect(failure.code == 403)
        #expect(
            failure.message
                == #"pods "p" is forbidden: error looking up service account default/robot: "#
                + #"serviceaccount "robot" not found"#)
    }
}
