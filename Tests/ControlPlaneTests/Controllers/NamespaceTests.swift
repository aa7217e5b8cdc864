import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct NamespaceTests {
    @Test func everyNamespaceHasItsAccountAndTheRootCertificate() async throws {
        try await TestCluster.run(ControllerConfiguration(rootCertificate: "PEM")) { cluster in
            for namespace in ["default", "kube-system"] {
                #expect(try await cluster.exists(.serviceAccounts, "default", namespace: namespace))
                let config = try await cluster.get(.configMaps, "kube-root-ca.crt", namespace: namespace)
                #expect(config.tree.text(at: "data", "ca.crt") == "PEM")
            }
            try await cluster.edit(.configMaps, "kube-root-ca.crt") { $0["data"] = ["ca.crt": "forged"] }
            #expect(try await cluster.get(.configMaps, "kube-root-ca.crt").tree.text(at: "data", "ca.crt") == "PEM")
            try await cluster.delete(.serviceAccounts, "default")
            #expect(try await cluster.exists(.serviceAccounts, "default"))
        }
    }

    @Test func goesWithAllThatIsInIt() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(
                .namespaces, ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "team"]])
            var web = JSONValue.workload(.deployments, "web", replicas: 2)
            web[["metadata", "namespace"]] = "team"
            try await cluster.create(.deployments, web)
            try await cluster.create(
                .configMaps,
                [
                    "apiVersion": "v1", "kind": "ConfigMap",
                    "metadata": ["name": "held", "namespace": "team", "finalizers": ["example.com/hold"]],
                ])
            try await cluster.delete(.namespaces, "team")
            let namespace = try await cluster.get(.namespaces, "team")
            #expect(namespace.tree.text(at: "status", "phase") == "Terminating")
            let conditions = StatusConditions(namespace)
            #expect(
                conditions["NamespaceContentRemaining"]?.text(at: "message")
                    == "Some resources are remaining: configmaps. has 1 resource instances")
            #expect(
                conditions["NamespaceFinalizersRemaining"]?.text(at: "message")
                    == "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"
            )
            #expect(try await cluster.pods(namespace: "team").isEmpty)
            try await cluster.editQuietly(.configMaps, ObjectName(namespace: "team", name: "held")) {
                $0.finalizers = []
            }
            try await cluster.settle()
            #expect(!(try await cluster.exists(.namespaces, "team")))
        }
    }
}
