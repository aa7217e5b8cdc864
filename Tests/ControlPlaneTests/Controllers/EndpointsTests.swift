import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

/// EndpointSlices and Endpoints, from the Services and Pods in a registry.
@Suite struct EndpointsTests {
    private func addPod(
        _ cluster: TestCluster, _ name: String, app: String, ip: String, isReady: Bool = true, node: String = "n1"
    ) async throws {
        _ = try await cluster.registry.create(.pod(name, node: node, labels: ["app": app]), in: .pods)
        try await cluster.editQuietly(.pods, .inDefault(name), status: true) { pod in
            pod["status"] = [
                "phase": "Running", "podIP": .string(ip), "podIPs": [["ip": .string(ip)]],
                "conditions": [["type": "Ready", "status": isReady ? "True" : "False"]],
            ]
        }
    }

    private func slices(_ cluster: TestCluster, _ service: String) async throws -> [Unstructured] {
        try await cluster.registry.list(.endpointSlices, namespace: "default")
            .filter { $0.labels[EndpointSlice.serviceNameLabel] == service }
    }

    private func addresses(_ cluster: TestCluster, _ service: String) async throws -> [String] {
        try await slices(cluster, service).flatMap { $0.tree.list(at: "endpoints") }
            .flatMap { $0.texts(at: "addresses") }.sorted()
    }

    @Test func podsOfAServiceAreItsEndpoints() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("n1", labels: ["topology.kubernetes.io/zone": "z1"])
            try await cluster.create(.services, Unstructured.service("web").tree)
            try await addPod(cluster, "p1", app: "web", ip: "10.244.0.1")
            try await addPod(cluster, "p2", app: "web", ip: "10.244.0.2", isReady: false)
            try await addPod(cluster, "other", app: "api", ip: "10.244.0.3")
            try await cluster.settle()
            let slice = try #require(try await slices(cluster, "web").first)
            #expect(slice.labels[EndpointSlice.managedByLabel] == "endpointslice-controller.k8s.io")
            #expect(slice.ownerReferences.first?.text(at: "name") == "web")
            #expect(slice.annotations[EndpointSlice.triggerTimeAnnotation] == cluster.clock.now.microsecondText)
            let endpoints = slice.tree.list(at: "endpoints")
            #expect(endpoints.map { $0.texts(at: "addresses") } == [["10.244.0.1"], ["10.244.0.2"]])
            #expect(endpoints.map { $0[["conditions", "ready"]]?.bool } == [true, false])
            #expect(endpoints.map { $0.text(at: "zone") } == ["z1", "z1"])
            let object = try await cluster.get(.endpoints, "web")
            #expect(object.labels["endpoints.kubernetes.io/managed-by"] == "endpoint-controller")
            let subset = try #require(object.tree.list(at: "subsets").first)
            #expect(subset.list(at: "addresses").map { $0.text(at: "ip") } == ["10.244.0.1"])
            #expect(subset.list(at: "notReadyAddresses").map { $0.text(at: "ip") } == ["10.244.0.2"])
            #expect(subset.list(at: "ports").map { $0.int(at: "port") } == [80])
            try await cluster.delete(.services, "web")
            #expect(try await slices(cluster, "web").isEmpty)
            #expect(!(try await cluster.exists(.endpoints, "web")))
            #expect(cluster.errors.messages == [])
        }
    }

    @Test func changesAreFollowedAndForeignWritesUndone() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.services, Unstructured.service("web").tree)
            try await addPod(cluster, "p1", app: "web", ip: "10.244.0.1")
            try await cluster.settle()
            let slice = try #require(try await slices(cluster, "web").first)
            try await cluster.edit(.endpointSlices, slice.name) { $0["endpoints"] = [] }
            #expect(try await addresses(cluster, "web") == ["10.244.0.1"])
            try await cluster.delete(.endpointSlices, slice.name)
            #expect(try await addresses(cluster, "web") == ["10.244.0.1"])
            try await cluster.edit(.endpoints, "web") { $0["subsets"] = nil }
            #expect(try await cluster.get(.endpoints, "web").tree.list(at: "subsets").count == 1)
            try await cluster.edit(.pods, "p1") { $0.labels = ["app": "x"] }
            #expect(try await addresses(cluster, "web") == [])
            try await cluster.edit(.services, "web") { $0[["spec", "selector"]] = ["app": "x"] }
            #expect(try await addresses(cluster, "web") == ["10.244.0.1"])
        }
    }

    /// A thousand addresses are the most that an Endpoints object has; the slices have them all.
    @Test func endpointsAreCutOff() async throws {
        try await TestCluster.run { cluster in
            for index in 0..<1005 {
                try await addPod(cluster, "p\(index)", app: "web", ip: "10.244.\(index / 200).\(index % 200 + 1)")
            }
            try await cluster.create(.services, Unstructured.service("web").tree)
            #expect(try await addresses(cluster, "web").count == 1005)
            let object = try await cluster.get(.endpoints, "web")
            #expect(object.annotations["endpoints.kubernetes.io/over-capacity"] == "truncated")
            #expect(object.tree.list(at: "subsets").flatMap { $0.list(at: "addresses") }.count == 1000)
        }
    }

    @Test func aSliceSurvivesItsTree() throws {
        let json: JSONValue = [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": ["name": "web-x", "namespace": "default", "labels": ["a": "b"]],
            "endpoints": [
                [
                    "addresses": ["10.0.0.1"], "conditions": ["ready": true, "serving": true, "terminating": false],
                    "hostname": "h", "nodeName": "n", "zone": "z",
                    "hints": ["forZones": [["name": "z"]], "forNodes": [["name": "n"]]],
                    "targetRef": ["kind": "Pod", "namespace": "default", "name": "p", "uid": "u"],
                ]
            ],
            "ports": [["name": "http", "port": 80, "protocol": "TCP", "appProtocol": "h2c"]],
        ]
        let slice = EndpointSlice(try Unstructured(json))
        #expect(slice.tree.tree == json)
    }
}
