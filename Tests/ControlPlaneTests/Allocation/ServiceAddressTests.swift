import APIMachinery
import KubeAPI
import Net
import Storage
import Testing

@testable import ControlPlane

/// IPAddress objects, ServiceCIDRs, and their repair.
@Suite struct ServiceAddressTests {
    private func range(_ name: String, _ prefixes: [String]) -> JSONValue {
        [
            "apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR", "metadata": ["name": .string(name)],
            "spec": ["cidrs": JSONValue(prefixes)],
        ]
    }

    private func address(_ text: String, service: String) -> JSONValue {
        [
            "apiVersion": "networking.k8s.io/v1", "kind": "IPAddress",
            "metadata": [
                "name": .string(text),
                "labels": [
                    "ipaddress.kubernetes.io/ip-family": "IPv4",
                    "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
                ],
            ],
            "spec": ["parentRef": ["resource": "services", "namespace": "default", "name": .string(service)]],
        ]
    }

    private func addresses(_ registry: Registry) async throws -> [String] {
        try await registry.list(.ipAddresses, namespace: nil).map(\.name).sorted()
    }

    // MARK: - With the Service

    @Test func eachAddressIsAnObject() async throws {
        let registry = try await Registry.started()
        #expect(try await addresses(registry) == ["10.96.0.1"])
        let before = try await registry.store.range(RangeRequest(.prefix("/registry/"))).revision
        let service = try await registry.create(
            .service("web", ["clusterIP": "10.96.3.4", "ipFamilyPolicy": "PreferDualStack"]), in: .services)
        // One transaction.
        let after = try await registry.store.range(RangeRequest(.prefix("/registry/"))).revision
        #expect(after == before + 1)
        let texts = service.tree.texts(at: "spec", "clusterIPs")
        #expect(texts.count == 2)
        #expect(try await addresses(registry) == (["10.96.0.1"] + texts).sorted())
        let object = try await registry.get(.ipAddresses, ObjectName(namespace: "", name: "10.96.3.4"))
        #expect(object.labels["ipaddress.kubernetes.io/ip-family"] == "IPv4")
        #expect(object.labels["ipaddress.kubernetes.io/managed-by"] == "ipallocator.k8s.io")
        #expect(
            object["spec"] == ["parentRef": ["name": "web", "namespace": "default", "resource": "services"]])
        #expect(!object.uid.isEmpty && object.creationTimestamp != nil)
        // One family less, then none, then the Service itself.
        var changed = service
        changed[["spec", "ipFamilyPolicy"]] = "SingleStack"
        changed = try await registry.update(changed, in: .services, subresource: nil)
        #expect(try await addresses(registry) == ["10.96.0.1", "10.96.3.4"])
        changed[["spec", "type"]] = "ExternalName"
        changed[["spec", "externalName"]] = "example.com"
        changed[["spec", "clusterIP"]] = nil
        changed[["spec", "clusterIPs"]] = nil
        _ = try await registry.update(changed, in: .services, subresource: nil)
        #expect(try await addresses(registry) == ["10.96.0.1"])
        _ = try await registry.create(.service("other", ["clusterIP": "10.96.3.4"]), in: .services)
        try await registry.delete(.services, .inDefault("other"), DeletionOptions())
        #expect(try await addresses(registry) == ["10.96.0.1"])
        _ = try await registry.create(.service("none", ["clusterIP": "None"]), in: .services)
        #expect(try await addresses(registry) == ["10.96.0.1"])
    }

    @Test func anAddressThatIsSomebodysIsTaken() async throws {
        let registry = try await Registry.started()
        var own = try Unstructured(address("10.96.3.4", service: "gateway"))
        own[["spec", "parentRef"]] = ["group": "example.com", "resource": "gateways", "name": "g"]
        _ = try await registry.create(own, in: .ipAddresses)
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(.service("web", ["clusterIP": "10.96.3.4"]), in: .services)
        }
        #expect(failure.code == 422)
        #expect(failure.message.hasSuffix("failed to allocate IP 10.96.3.4: provided IP is already allocated"))
    }

    /// 10.96.0.0/29 has five addresses to give.
    @Test func nobodyGetsWhatAnObjectHas() async throws {
        let registry = try await Registry.started(serviceCIDRs: ["10.96.0.0/29"])
        for last in 2...5 {
            _ = try await registry.create(try Unstructured(address("10.96.0.\(last)", service: "x")), in: .ipAddresses)
        }
        let service = try await registry.create(.service("web"), in: .services)
        #expect(service.tree.text(at: "spec", "clusterIP") == "10.96.0.6")
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(.service("more"), in: .services)
        }
        #expect(failure.message.contains("range is full"))
    }

    // MARK: - Repair

    @Test func lostAndLeakedAddresses() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.services, Unstructured.service("web", ["clusterIP": "10.96.3.4"]).tree)
            try await cluster.delete(.ipAddresses, "10.96.3.4")
            #expect(try await self.addresses(cluster.registry) == ["10.96.0.1", "10.96.3.4"])
            #expect(
                try await cluster.events(about: "web", reason: "ClusterIPNotAllocated")
                    == ["Cluster IP [IPv4]: 10.96.3.4 is not allocated; repairing"])
            try await cluster.create(.ipAddresses, self.address("10.96.3.5", service: "gone"))
            try await cluster.advance(seconds: 50)
            #expect(try await cluster.exists(.ipAddresses, "10.96.3.5"))
            // Objects are made by the machine's time, which goes on.
            try await cluster.advance(seconds: 300)
            #expect(try await self.addresses(cluster.registry) == ["10.96.0.1", "10.96.3.4"])
            #expect(
                try await cluster.events(about: "10.96.3.5", reason: "IPAddressNotAllocated")
                    == ["IPAddress: 10.96.3.5 for Service default/gone appears to have leaked: cleaning up"])
            try await cluster.create(.ipAddresses, self.address("10.96.3.6", service: "web"))
            #expect(
                try await cluster.events(about: "10.96.3.6", reason: "IPAddressWrongReference")
                    == ["IPAddress: 10.96.3.6 for Service default/web has a wrong reference; cleaning up"])
            #expect(try await self.addresses(cluster.registry) == ["10.96.0.1", "10.96.3.4"])
        }
    }

    /// Of a store that was filled by others: what nobody but an operator can repair is told.
    @Test func whatOnlyAnOperatorRepairs() async throws {
        var configuration = ControllerConfiguration()
        configuration.nodePorts = try PortRange("30000-32767")
        try await TestCluster.run(configuration) { cluster in
            let kind = try cluster.registry.kind(.services)
            for name in ["one", "two"] {
                var service = Unstructured.service(name, ["type": "NodePort", "clusterIP": "192.0.2.9"])
                service[["spec", "ports"]] = [
                    ["port": 80, "protocol": "TCP", "nodePort": 30_080],
                    ["port": 81, "protocol": "TCP", "nodePort": 99],
                ]
                service[["spec", "clusterIPs"]] = ["192.0.2.9"]
                _ = try await cluster.registry.store.commit(
                    Transaction([.put(kind.key(service.objectName), kind.encode(service))]))
            }
            try await cluster.settle()
            #expect(
                try await cluster.events(about: "two", reason: "ClusterIPOutOfRange").last
                    == "Cluster IP [IPv4]: 192.0.2.9 is not within any configured Service CIDR; please recreate service"
            )
            #expect(
                try await cluster.events(about: "two", reason: "PortAlreadyAllocated").last
                    == "Port 30080 was assigned to multiple services; please recreate service")
            #expect(
                try await cluster.events(about: "two", reason: "PortOutOfRange").last
                    == "Port 99 is not within the port range 30000-32767; please recreate service")
        }
    }

    // MARK: - ServiceCIDRs

    private func ready(_ name: String, _ cluster: TestCluster) async throws -> [String] {
        let condition = StatusConditions(try await cluster.get(.serviceCIDRs, name))["Ready"]
        return ["status", "reason", "message"].map { condition?.text(at: $0) ?? "-" }
    }

    @Test func aFurtherRange() async throws {
        try await TestCluster.run { cluster in
            let fine = ["True", "", "Kubernetes Service CIDR is ready"]
            #expect(try await self.ready("kubernetes", cluster) == fine)
            #expect(
                try await cluster.get(.serviceCIDRs, "kubernetes").finalizers
                    == ["networking.k8s.io/service-cidr-finalizer"])
            try await cluster.create(.serviceCIDRs, self.range("more", ["192.0.2.0/24"]))
            #expect(try await self.ready("more", cluster) == fine)
            try await cluster.create(.services, Unstructured.service("web", ["clusterIP": "192.0.2.9"]).tree)
            #expect(try await cluster.exists(.ipAddresses, "192.0.2.9"))
            // It stays while the address is in use.
            try await cluster.delete(.serviceCIDRs, "more")
            let words =
                "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new "
                + "ServiceCIDR"
            #expect(try await self.ready("more", cluster) == ["False", "Terminating", words])
            let failure = try await cluster.registry.failure { (registry) throws(Status) in
                _ = try await registry.create(.service("late", ["clusterIP": "192.0.2.10"]), in: .services)
            }
            #expect(failure.code == 422)
            try await cluster.delete(.services, "web")
            #expect(try await cluster.exists(.serviceCIDRs, "more"))
            try await cluster.advance(seconds: 120)
            #expect(try await !cluster.exists(.serviceCIDRs, "more"))
        }
    }

    @Test func theDefaultRangeComesAgain() async throws {
        var configuration = ControllerConfiguration()
        configuration.serviceCIDRs = [try IPPrefix("10.96.0.0/16"), try IPPrefix("fd00:96::/108")]
        try await TestCluster.run(configuration) { cluster in
            try await cluster.create(.serviceCIDRs, self.range("wide", ["10.0.0.0/8", "fd00::/16"]))
            try await cluster.delete(.serviceCIDRs, "kubernetes")
            try await cluster.advance(seconds: 120)
            let range = try await cluster.get(.serviceCIDRs, "kubernetes")
            #expect(range.deletionTimestamp == nil)
            #expect(range.tree.texts(at: "spec", "cidrs") == ["10.96.0.0/16", "fd00:96::/108"])
        }
    }
}
