import FoundationEssentials
import KubeAPI
import Subprocess
import TestSupport
import Testing

@testable import ControlPlane

/// kubectl as it is, where the machine has one.
@Suite(.enabled(if: Kubectl.path != nil, "kubectl is not installed")) struct KubectlTests {
    /// What it prints. It has neither a configuration nor a cache of its own.
    private func kubectl(_ api: ServedStore, _ arguments: String...) async throws -> String {
        let path = try #require(Kubectl.path)
        let home = FileManager.default.temporaryDirectory.appending(path: "kubectl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: home) }
        let result = try await Subprocess.run(
            .path(.init(path)), arguments: Arguments(["--server", "http://127.0.0.1:\(api.port)"] + arguments),
            environment: .inherit.updating([
                "HOME": home.path, "KUBECONFIG": "/dev/null", "HTTP_PROXY": nil, "http_proxy": nil, "NO_PROXY": "*",
            ]),
            output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
        #expect(result.terminationStatus.isSuccess, "\(arguments): \(result.standardError)")
        return result.standardOutput
    }

    private func fill(_ api: ServedStore) async throws {
        _ = try await api.put(Namespace(metadata: ObjectMeta(name: "default")))
        _ = try await api.put(Node(metadata: ObjectMeta(name: "n1")))
        _ = try await api.put(Service("web").labeled(["app": "web"]))
        _ = try await api.put(Service("db"))
        _ = try await api.put(Pod("web-1", app: "web", ["10.244.0.5"]))
        _ = try await api.put(
            EndpointSlice(metadata: ObjectMeta(name: "web-x", namespace: "default"), addressType: "IPv4"))
    }

    @Test func getsWhatIsThere() async throws {
        try await ServedStore.run { api in
            try await fill(api)
            let names = try await kubectl(api, "get", "services,endpointslices,nodes,pods", "-A", "-o", "name")
            #expect(
                names.split(separator: "\n") == [
                    "service/db", "service/web", "endpointslice.discovery.k8s.io/web-x", "node/n1", "pod/web-1",
                ])
            let json = try await kubectl(api, "get", "services", "-A", "-o", "json")
            struct Items: Decodable { let items: [Service] }
            let items = try JSON.decode(Items.self, from: Data(json.utf8)).items
            #expect(items.map(\.metadata.name) == ["db", "web"] && items[1].metadata.resourceVersion == "4")
            let yaml = try await kubectl(api, "get", "svc", "web", "-o", "yaml", "-n", "default")
            #expect(yaml.contains("kind: Service\n") && yaml.contains("    app: web\n"))
            for output in ["", "wide"] {
                let table = try await kubectl(
                    api, "get", "services,endpointslices,nodes,pods", "-A", "--output", output)
                for name in ["db", "web", "web-x", "n1", "web-1"] { #expect(table.contains(name), "\(table)") }
            }
            let selected = try await kubectl(
                api, "get", "svc", "-n", "default", "-l", "app in (web)", "--field-selector",
                "spec.type=ClusterIP", "-o", "name")
            #expect(selected == "service/web\n")
            #expect(try await kubectl(api, "get", "--raw", "/healthz") == "ok")
        }
    }

    @Test func watches() async throws {
        try await ServedStore.run { api in
            try await fill(api)
            async let output = kubectl(api, "get", "services", "-A", "--watch", "-o", "name")
            try await eventually { api.store.watchCount == 1 }
            _ = try await api.put(Service("later"))
            // The change is sent before the watch ends, and with the watch kubectl does.
            await api.shutDown()
            #expect(try await output.split(separator: "\n") == ["service/db", "service/web", "service/later"])
        }
    }

    @Test func writes() async throws {
        try await ServedStore.run { api in
            try await api.registry.start()
            let created = try await kubectl(api, "create", "configmap", "a", "--from-literal", "k=v")
            #expect(created == "configmap/a created\n")
            _ = try await kubectl(api, "create", "deployment", "web", "--image", "nginx", "--replicas", "2")
            _ = try await kubectl(api, "label", "configmap", "a", "x=y")
            #expect(
                try await kubectl(api, "scale", "deployment", "web", "--replicas", "3")
                    == "deployment.apps/web scaled\n")
            let replicas = try await kubectl(api, "get", "deploy", "web", "-o", "jsonpath={.spec.replicas}")
            #expect(replicas == "3")
            _ = try await kubectl(api, "expose", "deployment", "web", "--port", "80")
            #expect(try await kubectl(api, "get", "svc", "web").contains("ClusterIP"))
            #expect(try await kubectl(api, "auth", "whoami").contains("system:admin"))
            #expect(try await kubectl(api, "auth", "can-i", "create", "pods") == "yes\n")
            #expect(try await kubectl(api, "explain", "service.spec.clusterIP").contains("clusterIP"))
            #expect(try await kubectl(api, "delete", "configmap", "a").hasPrefix("configmap \"a\" deleted"))
        }
    }
}
