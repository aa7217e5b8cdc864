import APIMachinery
import FoundationEssentials
import KubeAPI
import Storage
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct ManifestScannerTests {
    private func service(_ name: String, port: Int = 80, extra: String = "") -> String {
        """
        apiVersion: v1
        kind: Service
        metadata: {name: \(name)}
        spec:
          selector: {app: \(name)}
          ports: [{port: \(port)}]
        \(extra.isEmpty ? "" : "  \(extra)\n")---

        """
    }

    @Test func addedChangedRemoved() async throws {
        try await withManifests { manifests in
            try manifests.write("a.yaml", service("a") + service("b"))
            try manifests.write("c.json", #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"}}"#)
            try manifests.write("ignored.txt", service("x"))
            try manifests.write(".hidden.yaml", service("x"))
            await manifests.scan()
            #expect(try await manifests.names("services") == ["a", "b"])
            #expect(try await manifests.names("nodes") == ["n1"])

            let revision = manifests.store.revision
            await manifests.scan()
            #expect(manifests.store.revision == revision)

            try manifests.write("a.yaml", service("a", port: 81))
            await manifests.scan()
            #expect(try await manifests.names("services") == ["a"])
            #expect(try await manifests.port("a") == 81)

            try manifests.remove("a.yaml")
            await manifests.scan()
            #expect(try await manifests.names("services").isEmpty)
            #expect(try await manifests.names("nodes") == ["n1"])
            #expect(manifests.errors.isEmpty)
        }
    }

    @Test func loadBalancersKeepTheirStatusAndServiceCIDRsAreStored() async throws {
        try await withManifests { manifests in
            let text = """
                apiVersion: v1
                kind: Service
                metadata: {name: lb}
                spec:
                  type: LoadBalancer
                  externalTrafficPolicy: Local
                  loadBalancerSourceRanges: [198.51.100.0/24]
                  ports: [{port: 80}]
                status:
                  loadBalancer:
                    ingress: [{ip: 192.0.2.1}, {ip: 192.0.2.2, ipMode: Proxy}]
                ---
                apiVersion: networking.k8s.io/v1
                kind: ServiceCIDR
                metadata: {name: more}
                spec: {cidrs: [10.97.0.0/16, "fd00:97::/112"]}
                """
            try manifests.write("lb.yaml", text)
            await manifests.scan()
            #expect(manifests.errors.isEmpty)
            let service = try #require(try await manifests.service("lb"))
            let ingress = try #require(service[["status", "loadBalancer", "ingress"]]?.array)
            #expect(ingress.map { $0["ip"]?.string } == ["192.0.2.1", "192.0.2.2"])
            #expect(ingress.map { $0["ipMode"]?.string } == ["VIP", "Proxy"])
            let port = try #require(service[["spec", "healthCheckNodePort"]]?.integer)
            #expect((30000...32767).contains(port))
            #expect(try await manifests.names("servicecidrs") == ["more"])

            try manifests.write("lb.yaml", text.replacing("192.0.2.1", with: "192.0.2.9"))
            await manifests.scan()
            let changed = try #require(try await manifests.service("lb"))
            #expect(changed[["status", "loadBalancer", "ingress"]]?.array?.first?["ip"] == "192.0.2.9")
            #expect(changed[["spec", "healthCheckNodePort"]]?.integer == port)
        }
    }

    @Test func statusIsAppliedAndBookkeepingOfElsewhereIsNot() async throws {
        try await withManifests { manifests in
            let text = """
                apiVersion: v1
                kind: Pod
                metadata: {name: p, uid: from-elsewhere, resourceVersion: "999", deletionTimestamp: "2026-01-01T00:00:00Z"}
                spec: {nodeName: n1, containers: [{name: c, image: i}]}
                status: {phase: Running, podIP: 10.244.0.1, podIPs: [{ip: 10.244.0.1}], conditions: [{type: Ready, status: "True"}]}
                """
            try manifests.write("pod.yaml", text)
            await manifests.scan()
            #expect(manifests.errors.isEmpty)
            let pod = try #require(try await manifests.object("pods", "p"))
            #expect(pod.deletionTimestamp == nil)
            #expect(pod.uid != "from-elsewhere" && pod.resourceVersion != "999")
            #expect(pod[["status", "podIP"]] == "10.244.0.1" && pod[["status", "phase"]] == "Running")
            let managers = pod[["metadata", "managedFields"]]?.array?.compactMap { $0["manager"]?.string } ?? []
            #expect(managers.allSatisfy { $0 == "fairlead-manifests" })

            // Written again it is unchanged; changed, its status alone is written.
            let revision = manifests.store.revision
            try manifests.write("pod.yaml", text + "\n")
            await manifests.scan()
            #expect(manifests.store.revision == revision)
            try manifests.write("pod.yaml", text.replacing("status: \"True\"", with: "status: \"False\""))
            await manifests.scan()
            let conditions = try await manifests.object("pods", "p")?[["status", "conditions"]]?.array
            #expect(conditions?.first { $0["type"] == "Ready" }?["status"] == "False")

            // Nobody would end it: it is gone at once.
            try manifests.remove("pod.yaml")
            await manifests.scan()
            #expect(try await manifests.object("pods", "p") == nil)
        }
    }

    @Test func allKindsOfTheAPIAreApplied() async throws {
        try await withManifests { manifests in
            try manifests.write(
                "app.yaml",
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  replicas: 3
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: web, image: "web:1", ports: [{containerPort: 80}]}]}
                ---
                apiVersion: v1
                kind: List
                items:
                  - {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {a: "1"}}
                  - {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web}, spec: {maxUnavailable: 1}}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop}
                """)
            await manifests.scan()
            #expect(manifests.errors == [])
            #expect(try await manifests.names("deployments") == ["web"])
            #expect(try await manifests.names("configmaps") == ["settings"])
            #expect(try await manifests.names("poddisruptionbudgets") == ["web"])
            #expect(try await manifests.names("namespaces") == ["shop"])
        }
    }

    @Test func whatOthersWriteStays() async throws {
        try await withManifests { manifests in
            let text = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, labels: {tier: front}}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: web, image: "web:1"}, {name: log, image: "log:1"}]}
                """
            try manifests.write("app.yaml", text)
            await manifests.scan()
            var deployment = try #require(try await manifests.object("deployments", "web"))
            deployment[["spec", "replicas"]] = 5
            deployment.labels["team"] = "a"
            deployment.annotations["deployment.kubernetes.io/revision"] = "1"
            _ = try await manifests.registry.update(deployment, in: manifests.resource("deployments"), subresource: nil)

            try manifests.write(
                "app.yaml",
                text.replacing("{tier: front}", with: "{part: shop}").replacing("web:1", with: "web:2")
                    .replacing(", {name: log, image: \"log:1\"}", with: ""))
            await manifests.scan()
            #expect(manifests.errors == [])
            let changed = try #require(try await manifests.object("deployments", "web"))
            #expect(changed[["spec", "replicas"]] == 5)
            #expect(changed.labels == ["team": "a", "part": "shop"])
            #expect(changed.annotations["deployment.kubernetes.io/revision"] == "1")
            let containers = changed[["spec", "template", "spec", "containers"]]?.array ?? []
            #expect(containers.map { $0["image"]?.string } == ["web:2"])
            // What the server has filled in for the container stays, too.
            #expect(containers.first?["imagePullPolicy"] != nil)
        }
    }

    @Test func whatVanishedWhileNobodyLookedIsDeletedAtTheNextStart() async throws {
        try await withManifests { manifests in
            try manifests.write("a.yaml", service("a") + service("b"))
            try manifests.write("c.yaml", service("c"))
            try manifests.write("d.yaml", service("d"))
            await manifests.scan()
            let others = Service("others")
            _ = try await manifests.registry.create(
                try Unstructured(json: Array(try JSON.encode(others))), in: manifests.resource("services"))
            let address = try await manifests.service("a")?[["spec", "clusterIP"]]

            try manifests.write("a.yaml", service("a"))
            try manifests.remove("c.yaml")
            try manifests.write("d.yaml", "kind: [\n")
            try await manifests.restart()
            await manifests.scan()
            #expect(try await manifests.names("services") == ["a", "d"])
            #expect(try await manifests.service("others") != nil)
            #expect(try await manifests.service("kubernetes") != nil)
            #expect(try await manifests.service("a")?[["spec", "clusterIP"]] == address)
        }
    }

    @Test func unknownFieldsAndKindsAreWarnedAbout() async throws {
        try await withManifests { manifests in
            try manifests.write(
                "a.yaml", service("a", extra: "clusterIp: none") + "apiVersion: x/v1\nkind: Foo\nmetadata: {name: f}\n")
            await manifests.scan()
            #expect(try await manifests.names("services") == ["a"])
            #expect(manifests.errors == [])
            #expect(
                manifests.warnings.map { $0.replacing(manifests.directory + "/", with: "") } == [
                    "a.yaml, document 1 (Service default/a): spec.clusterIp: unknown field, ignored",
                    "a.yaml, document 2 (Foo f): kind 'Foo' (apiVersion x/v1) is not one that Fairlead knows",
                ])
        }
    }

    @Test func invalidObjectKeepsItsPreviousVersion() async throws {
        try await withManifests { manifests in
            try manifests.write("a.yaml", service("a") + service("b") + service("c"))
            await manifests.scan()
            // Refused by validation, and by the loader; c is changed, d is new.
            try manifests.write(
                "a.yaml",
                service("a", port: 70000) + service("b").replacing("port: 80", with: "port: eighty")
                    + service("c", port: 81) + service("d"))
            await manifests.scan()
            #expect(try await manifests.names("services") == ["a", "b", "c", "d"])
            #expect(try await manifests.port("a") == 80)
            #expect(try await manifests.port("b") == 80)
            #expect(try await manifests.port("c") == 81)
            #expect(manifests.errors.count == 2 && manifests.errors.allSatisfy { !$0.contains("\n") })
            #expect(
                manifests.errors.contains {
                    $0.hasSuffix(
                        "a.yaml: Service default/a: spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive; spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive"
                    )
                })
            #expect(
                manifests.errors.contains { $0.contains("a.yaml, document 2 (Service default/b): spec.ports[0].port") })

            // Said once for each state of the file, whatever else happens.
            try manifests.write("z.yaml", service("z"))
            await manifests.scan()
            #expect(manifests.errors.count == 2)
            try manifests.write("a.yaml", service("a", port: 70001) + service("c", port: 81))
            await manifests.scan()
            #expect(manifests.errors.count == 3)
            #expect(try await manifests.names("services") == ["a", "c", "z"])
        }
    }

    @Test func syntaxErrorDeletesNothing() async throws {
        try await withManifests { manifests in
            try manifests.write("a.yaml", service("a") + service("b"))
            await manifests.scan()
            try manifests.write("a.yaml", service("a", port: 81) + "kind: [\n")
            await manifests.scan()
            #expect(try await manifests.names("services") == ["a", "b"])
            #expect(try await manifests.port("a") == 81)
            #expect(manifests.errors.count == 1)
            try manifests.write("a.yaml", service("a", port: 81))
            await manifests.scan()
            #expect(try await manifests.names("services") == ["a"])
        }
    }

    @Test func firstFileByNameWins() async throws {
        try await withManifests { manifests in
            try manifests.write("b.yaml", service("x", port: 2))
            await manifests.scan()
            try manifests.write("a.yaml", service("x", port: 1))
            try manifests.write("c.yaml", service("x", port: 3) + service("w") + service("w", port: 4))
            await manifests.scan()
            #expect(try await manifests.port("x") == 1)
            #expect(try await manifests.port("w") == 80)
            let texts = manifests.errors.map { $0.replacing(manifests.directory + "/", with: "") }
            #expect(
                texts.sorted() == [
                    "b.yaml: Service default/x is declared in a.yaml already; ignored",
                    "c.yaml, document 3 (Service default/w): declared twice in this file; ignored",
                    "c.yaml: Service default/x is declared in a.yaml already; ignored",
                ])
            // The next in line takes over.
            try manifests.remove("a.yaml")
            await manifests.scan()
            #expect(try await manifests.port("x") == 2)
            try manifests.write("b.yaml", "")
            await manifests.scan()
            #expect(try await manifests.port("x") == 3)
        }
    }

    @Test func renameOverIsSeen() async throws {
        try await withManifests { manifests in
            try manifests.write("a.yaml", service("a", port: 81))
            await manifests.scan()
            // The same size and time: only the inode tells.
            let time = try manifests.modificationTime("a.yaml")
            try manifests.replace("a.yaml", service("a", port: 82))
            try manifests.setModificationTime("a.yaml", time)
            await manifests.scan()
            #expect(try await manifests.port("a") == 82)
        }
    }

    @Test func mountedConfigMapIsFollowed() async throws {
        try await withManifests { manifests in
            try manifests.write("v1", service("a", port: 81))
            try manifests.write("v2", service("a", port: 82))
            try manifests.link("a.yaml", to: "v1")
            await manifests.scan()
            #expect(try await manifests.port("a") == 81)
            try manifests.remove("a.yaml")
            try manifests.link("a.yaml", to: "v2")
            await manifests.scan()
            #expect(try await manifests.port("a") == 82)
        }
    }

    @Test func nothingIsDeletedBeforeAFileIsQuiet() async throws {
        let clock = Mutex(Timestamp.now)
        let now: @Sendable () -> Timestamp = { clock.withLock { $0 } }
        func advance(_ microseconds: Int64) { clock.withLock { $0.microsecondsSinceEpoch += microseconds } }
        try await withManifests(quietTime: .seconds(5), now: now) { manifests in
            try manifests.write("a.yaml", service("a") + service("b"))
            #expect(await manifests.scan() == false)
            // Half of it, as an editor leaves it for a moment.
            try manifests.write("a.yaml", service("a", port: 81))
            #expect(await manifests.scan() == true)
            #expect(try await manifests.names("services") == ["a", "b"])
            advance(60_000_000)
            #expect(await manifests.scan() == false)
            #expect(try await manifests.names("services") == ["a"])

            // Moved away, to come back in another version.
            try manifests.rename("a.yaml", to: "a.yaml~")
            #expect(await manifests.scan() == true)
            try manifests.write("a.yaml", service("a", port: 82))
            #expect(await manifests.scan() == false)
            #expect(try await manifests.port("a") == 82)
            try manifests.remove("a.yaml")
            #expect(await manifests.scan() == true)
            #expect(try await manifests.names("services") == ["a"])
            advance(60_000_000)
            #expect(await manifests.scan() == false)
            #expect(try await manifests.names("services").isEmpty)
        }
    }

    @Test func explicitAddressesGoFirst() async throws {
        var wanted: (address: String, port: Int) = ("", 0)
        try await withManifests { probe in
            try probe.write("1.yaml", service("a", extra: "type: NodePort"))
            await probe.scan()
            let spec = try #require(try await probe.service("a")?["spec"])
            wanted = (spec["clusterIP"]?.string ?? "", spec["ports"]?.array?.first?["nodePort"]?.integer ?? 0)
        }
        try await withManifests { manifests in
            try manifests.write(
                "1.yaml",
                service("a", extra: "type: NodePort")
                    + service("b", extra: "type: NodePort\n  clusterIP: \(wanted.address)")
                    + service("c", extra: "type: NodePort")
                    .replacing("port: 80", with: "port: 80, nodePort: \(wanted.port)"))
            await manifests.scan()
            #expect(manifests.errors.isEmpty)
            #expect(try await manifests.service("b")?[["spec", "clusterIP"]]?.string == wanted.address)
            func nodePort(_ name: String) async throws -> Int? {
                try await manifests.service(name)?[["spec", "ports"]]?.array?.first?["nodePort"]?.integer
            }
            #expect(try await nodePort("c") == wanted.port)
            #expect(try await manifests.service("a")?[["spec", "clusterIP"]]?.string != wanted.address)
            #expect(try await nodePort("a") != wanted.port)
        }
    }

    @Test func conflictIsTriedAgainWhenSomethingChanges() async throws {
        try await withManifests { manifests in
            try manifests.write("1.yaml", service("a", extra: "clusterIP: 10.96.0.10"))
            try manifests.write("2.yaml", service("b", extra: "clusterIP: 10.96.0.10"))
            await manifests.scan()
            #expect(
                manifests.errors.map { $0.replacing(manifests.directory + "/", with: "") } == [
                    "2.yaml: Service default/b: spec.clusterIPs: Invalid value: [\"10.96.0.10\"]: failed to allocate IP 10.96.0.10: provided IP is already allocated"
                ])
            try manifests.remove("1.yaml")
            await manifests.scan()
            #expect(try await manifests.service("b")?[["spec", "clusterIP"]] == "10.96.0.10")
            #expect(manifests.errors.count == 1)
        }
    }

    @Test func missingFilesAreReportedOnce() async throws {
        try await withManifests(files: ["extra.yaml"]) { manifests in
            await manifests.scan()
            await manifests.scan()
            #expect(manifests.errors == ["\(manifests.directory)/extra.yaml: no such file"])
            try manifests.write("extra.yaml", service("a"))
            await manifests.scan()
            #expect(try await manifests.names("services") == ["a"])
        }
    }
}
