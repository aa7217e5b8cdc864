import KubeAPI
import Testing

@testable import ControlPlane

/// Which endpoints a Service's slices have.
@Suite struct EndpointSliceTests {
    private func endpoints(_ slices: [EndpointSlice]) -> [String] {
        slices.flatMap(\.endpoints).map { $0.addresses[0] }.sorted()
    }

    @Test func readyServingTerminating() async throws {
        try await Cluster.run { cluster in
            var leaving = Pod("p3", app: "web", ["10.244.0.3"])
            leaving.metadata.deletionTimestamp = Timestamp(microsecondsSinceEpoch: 0)
            var failing = Pod("p4", app: "web", ["10.244.0.4"], isReady: false)
            failing.metadata.deletionTimestamp = Timestamp(microsecondsSinceEpoch: 0)
            var done = Pod("p5", app: "web", ["10.244.0.5"])
            done.status.phase = "Succeeded"
            let pods: [any KubernetesObject] = [
                Pod("p1", app: "web", ["10.244.0.1"]), Pod("p2", app: "web", ["10.244.0.2"], isReady: false), leaving,
                failing, done, Pod("p6", app: "web", []), Pod("p7", app: "other", ["10.244.0.7"]),
            ]
            try await cluster.apply([Service("web")] + pods)
            let slice = try #require(try cluster.slices("web").first)
            let conditions = slice.endpoints.map { "\($0.addresses[0]) \($0.conditions.text)" }
            #expect(
                conditions == [
                    "10.244.0.1 ready serving", "10.244.0.2 ", "10.244.0.3 serving terminating",
                    "10.244.0.4 terminating",
                ])
            try await cluster.apply(Service("web") { $0.publishNotReadyAddresses = true })
            #expect(try cluster.slices("web").flatMap(\.endpoints).allSatisfy { $0.conditions.ready == true })
        }
    }

    @Test func whatASliceSaysAboutItself() async throws {
        try await Cluster.run { cluster in
            var service = Service("web") { $0.clusterIP = "10.96.0.10" }
            service.metadata.labels = ["team": "x", EndpointSlice.managedByLabel: "ignored"]
            var pod = Pod("p1", app: "web", ["10.244.0.1"])
            pod.spec.hostname = "first"
            pod.spec.subdomain = "web"
            let node = Node(metadata: ObjectMeta(name: "n1", labels: [Node.zoneLabel: "z1"]))
            try await cluster.apply(node, service, pod)
            let stored = try #require(cluster.service("web"))
            let slice = try #require(try cluster.slices("web").first)
            #expect(slice.metadata.name.hasPrefix("web-") && slice.metadata.name.count == 9)
            #expect(
                slice.metadata.labels == [
                    "team": "x", EndpointSlice.serviceNameLabel: "web",
                    EndpointSlice.managedByLabel: "endpointslice-controller.k8s.io",
                ])
            let owner = try #require(slice.metadata.ownerReferences.first)
            #expect(owner.uid == stored.metadata.uid && owner.kind == "Service" && owner.controller == true)
            let trigger = slice.metadata.annotations[EndpointSlice.triggerTimeAnnotation]
            #expect(trigger.flatMap { Timestamp($0) } != nil)
            let endpoint = try #require(slice.endpoints.first)
            #expect(endpoint.nodeName == "n1" && endpoint.zone == "z1" && endpoint.hostname == "first")
            #expect(endpoint.targetRef?.kind == "Pod" && endpoint.targetRef?.name == "p1")

            try await cluster.apply(Node(metadata: ObjectMeta(name: "n1", labels: [Node.zoneLabel: "z2"])))
            #expect(try cluster.slices("web").first?.endpoints.first?.zone == "z2")
        }
    }

    @Test(
        arguments: [
            (nil, []), ("PreferClose", ["n1 z1 –", "n2 z2 –"]), ("PreferSameZone", ["n1 z1 –", "n2 z2 –"]),
            ("PreferSameNode", ["n1 z1 n1", "n2 z2 n2", "n3 – n3"]),
        ] as [(String?, [String])])
    func hints(distribution: String?, expected: [String]) async throws {
        try await Cluster.run { cluster in
            for (node, zone) in [("n1", "z1"), ("n2", "z2"), ("n3", nil)] {
                var object = Node(metadata: ObjectMeta(name: node))
                object.metadata.labels[Node.zoneLabel] = zone
                try await cluster.apply(object)
            }
            for (index, node) in ["n1", "n2", "n3"].enumerated() {
                var pod = Pod("p\(index)", app: "web", ["10.244.0.\(index + 1)"])
                pod.spec.nodeName = node
                var unready = Pod("q\(index)", app: "web", ["10.244.1.\(index + 1)"], isReady: false)
                unready.spec.nodeName = node
                try await cluster.apply(pod, unready)
            }
            try await cluster.apply(Service("web") { $0.trafficDistribution = distribution })
            func hints() throws -> [String] {
                try cluster.slices("web").flatMap(\.endpoints).compactMap { endpoint in
                    guard let hints = endpoint.hints else { return nil }
                    #expect(endpoint.conditions.ready == true)
                    func names(_ list: [EndpointHints.Name]?) -> String {
                        list.map { $0.map(\.name).joined(separator: ",") } ?? "–"
                    }
                    return "\(endpoint.nodeName ?? "") \(names(hints.forZones)) \(names(hints.forNodes))"
                }.sorted()
            }
            #expect(try hints() == expected)
            // Another zone of the node, and no preference any more.
            try await cluster.apply(Node(metadata: ObjectMeta(name: "n1", labels: [Node.zoneLabel: "z9"])))
            #expect(try hints() == expected.map { $0.replacing("z1", with: "z9") })
            try await cluster.apply(Service("web"))
            #expect(try hints() == [])
        }
    }

    @Test func bothFamilies() async throws {
        try await Cluster.run { cluster in
            try await cluster.apply(
                Service("web") { $0.ipFamilyPolicy = "RequireDualStack" },
                Pod("p1", app: "web", ["10.244.0.1", "fd00::1"]), Pod("p2", app: "web", ["fd00::2"]))
            #expect(try endpoints(cluster.slices("web", family: "IPv4")) == ["10.244.0.1"])
            #expect(try endpoints(cluster.slices("web", family: "IPv6")) == ["fd00::1", "fd00::2"])
            // One family less: its slices go.
            try await cluster.apply(Service("web") { $0.ipFamilyPolicy = "SingleStack" })
            #expect(try cluster.slices("web").map(\.addressType) == ["IPv4"])
        }
    }

    @Test func namedPortsPerPod() async throws {
        try await Cluster.run { cluster in
            let ports = [
                ServicePortSpec(name: "a", port: 80, targetPort: .string("web")),
                ServicePortSpec(name: "b", port: 81, targetPort: .int(9000)),
            ]
            let udp = ContainerPort(name: "web", containerPort: 5353, protocol: "UDP")
            var sidecar = Pod("p4", app: "web", ["10.244.0.4"])
            sidecar.spec.initContainers = [
                Container(name: "s", ports: [ContainerPort(name: "web", containerPort: 7000)])
            ]
            var finished = sidecar
            finished.metadata.name = "p5"
            finished.status = PodStatus(phase: "Running", podIPs: ["10.244.0.5"])
            sidecar.spec.initContainers[0].restartPolicy = "Always"
            // The same name with another protocol is another port.
            var two = Pod("p2", app: "web", ["10.244.0.2"], ports: [udp])
            two.spec.containers.append(Container(name: "d", ports: [ContainerPort(name: "web", containerPort: 8081)]))
            try await cluster.apply(
                Service("web", ports: ports), two,
                Pod("p1", app: "web", ["10.244.0.1"], ports: [ContainerPort(name: "web", containerPort: 8080)]),
                Pod("p3", app: "web", ["10.244.0.3"], ports: [udp]), sidecar, finished)
            let texts = try cluster.slices("web").map { slice in
                let ports = slice.ports.map { "\($0.name ?? "")=\($0.port ?? 0)" }.joined(separator: ",")
                return "\(ports) \(endpoints([slice]).joined(separator: ","))"
            }
            #expect(
                texts.sorted() == [
                    "a=7000,b=9000 10.244.0.4", "a=8080,b=9000 10.244.0.1", "a=8081,b=9000 10.244.0.2",
                    "b=9000 10.244.0.3,10.244.0.5",
                ])
        }
    }

    @Test func headlessServiceHasSlicesWithItsLabel() async throws {
        try await Cluster.run { cluster in
            try await cluster.apply(
                Service("web", ports: []) { $0.clusterIP = "None" }, Pod("p1", app: "web", ["10.244.0.1"]))
            let slice = try #require(try cluster.slices("web").first)
            #expect(slice.metadata.labels[EndpointSlice.headlessLabel] == "")
            #expect(endpoints([slice]) == ["10.244.0.1"] && slice.ports.isEmpty)
        }
    }

    @Test func withoutSelectorOrWithExternalNameNothingIsMade() async throws {
        try await Cluster.run { cluster in
            try await cluster.apply(
                Service("a") { $0.selector = [:] },
                Service("e", type: "ExternalName") { $0.externalName = "example.com" })
            #expect(try cluster.slices("a").isEmpty && cluster.slices("e").isEmpty)
        }
    }

    @Test func selectorsAndLabelsChange() async throws {
        try await Cluster.run { cluster in
            let pod = Pod("p1", app: "web", ["10.244.0.1"])
            try await cluster.apply(Service("web"), Service("api"), pod)
            #expect(try endpoints(cluster.slices("web")) == ["10.244.0.1"])
            var moved = pod
            moved.metadata.labels = ["app": "api", "x": "y"]
            try await cluster.apply(moved)
            #expect(try endpoints(cluster.slices("web")).isEmpty)
            #expect(try endpoints(cluster.slices("api")) == ["10.244.0.1"])
            try await cluster.apply(Service("web") { $0.selector = ["app": "api", "x": "y"] })
            #expect(try endpoints(cluster.slices("web")) == ["10.244.0.1"])
            try await cluster.apply(Service("web") { $0.selector = ["app": "api", "x": "z"] })
            #expect(try endpoints(cluster.slices("web")).isEmpty)
            // The same labels in another namespace are not selected.
            moved.metadata.namespace = "other"
            moved.metadata.name = "p2"
            try await cluster.apply(moved)
            #expect(try endpoints(cluster.slices("api")) == ["10.244.0.1"])
        }
    }
}

extension EndpointConditions {
    fileprivate var text: String {
        [(ready, "ready"), (serving, "serving"), (terminating, "terminating")]
            .filter { $0.0 == true }.map(\.1).joined(separator: " ")
    }
}
