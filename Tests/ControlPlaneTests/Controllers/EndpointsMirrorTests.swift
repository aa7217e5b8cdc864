import APIMachinery
import KubeAPI
import Net
import Testing

@testable import ControlPlane

@Suite struct EndpointsMirrorTests {
    private func endpoints(_ name: String, _ subsets: [JSONValue], labels: [String: String] = [:]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Endpoints",
            "metadata": ["name": .string(name), "namespace": "default", "labels": JSONValue(labels)],
            "subsets": .array(subsets),
        ]
    }

    private func service(_ name: String, _ spec: [String: JSONValue] = [:]) -> JSONValue {
        var object = Unstructured.service(name, spec)
        if spec["selector"] == nil { object[["spec", "selector"]] = nil }
        return object.tree
    }

    private func slices(of name: String, _ cluster: TestCluster) async throws -> [Unstructured] {
        try await cluster.registry.list(.endpointSlices, namespace: "default")
            .filter { $0.labels["kubernetes.io/service-name"] == name }
            .sorted { $0.tree.text(at: "addressType") < $1.tree.text(at: "addressType") }
    }

    private let subset: JSONValue = [
        "addresses": [["ip": "10.1.0.1", "nodeName": "a", "hostname": "one"], ["ip": "fd00::1"]],
        "notReadyAddresses": [["ip": "10.1.0.2"]], "ports": [["name": "http", "port": 8080]],
    ]

    @Test func endpointsByHandAreMirrored() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.services, self.service("db"))
            let made = try await cluster.create(
                .endpoints, self.endpoints("db", [self.subset], labels: ["tier": "back"]))
            let slices = try await self.slices(of: "db", cluster)
            #expect(slices.map { $0.tree.text(at: "addressType") } == ["IPv4", "IPv6"])
            let slice = try #require(slices.first)
            #expect(slice.name.hasPrefix("db-") && slice.controllerOwner?.uid == made.uid)
            #expect(slice.labels["tier"] == "back")
            #expect(
                slice.labels["endpointslice.kubernetes.io/managed-by"]
                    == "endpointslicemirroring-controller.k8s.io")
            #expect(slice["ports"] == [["name": "http", "port": 8080, "protocol": "TCP"]])
            let endpoints = slice.tree.list(at: "endpoints")
            #expect(endpoints.map { $0.texts(at: "addresses") } == [["10.1.0.1"], ["10.1.0.2"]])
            #expect(endpoints.map { $0.flag(at: "conditions", "ready") } == [true, false])
            #expect(endpoints[0].text(at: "nodeName") == "a" && endpoints[0].text(at: "hostname") == "one")
            // A change is one write of the slice that there is.
            try await cluster.edit(.endpoints, "db") { object in
                object["subsets"] = [["addresses": [["ip": "10.1.0.9"]], "ports": [["name": "http", "port": 8080]]]]
            }
            let after = try await self.slices(of: "db", cluster)
            #expect(after.map(\.name) == [slice.name])
            #expect(after[0].tree.list(at: "endpoints").map { $0.texts(at: "addresses") } == [["10.1.0.9"]])
            // What somebody else does to it is undone.
            try await cluster.delete(.endpointSlices, slice.name)
            #expect(try await self.slices(of: "db", cluster).count == 1)
            try await cluster.delete(.endpoints, "db")
            #expect(try await self.slices(of: "db", cluster).isEmpty)
        }
    }

    @Test func whatIsNotMirrored() async throws {
        try await TestCluster.run { cluster in
            for name in ["skipped", "elected", "orphan", "late"] {
                var object = self.endpoints(name, [self.subset])
                if name == "skipped" {
                    object[["metadata", "labels"]] = ["endpointslice.kubernetes.io/skip-mirror": "true"]
                } else if name == "elected" {
                    object[["metadata", "annotations"]] = ["control-plane.alpha.kubernetes.io/leader": "{}"]
                }
                try await cluster.create(.endpoints, object)
            }
            for name in ["skipped", "elected", "late"] {
                try await cluster.create(.services, self.service(name))
            }
            for name in ["skipped", "elected", "orphan"] {
                #expect(try await self.slices(of: name, cluster).isEmpty)
            }
            #expect(try await self.slices(of: "late", cluster).count == 2)
            // With a selector its endpoints are those of Pods.
            try await cluster.edit(.services, "late") { $0[["spec", "selector"]] = ["app": "late"] }
            let managers = try await self.slices(of: "late", cluster)
                .map { $0.labels["endpointslice.kubernetes.io/managed-by"] }
            #expect(managers.allSatisfy { $0 == "endpointslice-controller.k8s.io" })
        }
    }

    @Test func aThousandOfASubset() throws {
        let addresses = (0..<1200).map { index -> JSONValue in ["ip": .string("10.2.\(index / 250).\(index % 250 + 1)")]
        }
        let tree: JSONValue = endpoints(
            "big",
            [
                ["notReadyAddresses": .array(addresses), "ports": [["port": 80]]],
                ["addresses": [["ip": "10.9.0.1"], ["ip": "10.2.0.1"]], "ports": [["port": 80]]],
                ["addresses": [["ip": "host.example"]], "ports": [["port": 81]]],
            ])
        let subsets = MirroredSubsets(try Unstructured(tree))
        #expect(subsets.groups.count == 1 && subsets.groups[0].endpoints.count == 1000)
        #expect(subsets.groups[0].endpoints.prefix(2).map { $0.conditions.ready } == [true, true])
        #expect(subsets.surplus == 201 && subsets.invalid == 1)
    }

    // MARK: - Service kubernetes

    @Test func theAPIIsAnEndpoint() async throws {
        let configuration = ControllerConfiguration(advertised: (try IPAddress("192.0.2.7"), 6443))
        try await TestCluster.run(configuration) { cluster in
            func state() async throws -> [JSONValue?] {
                let slices = try await self.slices(of: "kubernetes", cluster)
                #expect(slices.map(\.name) == ["kubernetes"])
                let endpoints = try await cluster.get(.endpoints, "kubernetes")
                #expect(endpoints.labels["endpointslice.kubernetes.io/skip-mirror"] == "true")
                return [slices.first?["endpoints"], slices.first?["ports"], endpoints["subsets"]]
            }
            let ports: JSONValue = [["name": "https", "port": 6443, "protocol": "TCP"]]
            let wanted: [JSONValue?] = [
                [["addresses": ["192.0.2.7"], "conditions": ["ready": true]]], ports,
                [["addresses": [["ip": "192.0.2.7"]], "ports": ports]],
            ]
            #expect(try await state() == wanted)
            try await cluster.edit(.endpoints, "kubernetes") { $0["subsets"] = nil }
            try await cluster.delete(.endpointSlices, "kubernetes")
            #expect(try await state() == wanted)
        }
    }

    @Test func withoutAnAddressThereIsNone() async throws {
        try await TestCluster.run { cluster in
            let slices = try await self.slices(of: "kubernetes", cluster)
            #expect(slices.isEmpty)
        }
    }
}
