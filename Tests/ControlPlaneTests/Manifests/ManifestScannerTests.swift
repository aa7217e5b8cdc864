import FoundationEssentials
import KubeAPI
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
            #expect(try manifests.names(Service.self) == ["a", "b"])
            #expect(try manifests.names(Node.self) == ["n1"])

            let revision = manifests.cluster.store.revision
            await manifests.scan()
            #expect(manifests.cluster.store.revision == revision)

            try manifests.write("a.yaml", service("a", port: 81))
            await manifests.scan()
            #expect(try manifests.names(Service.self) == ["a"])
            #expect(manifests.cluster.service("a")?.spec.ports[0].port == 81)

            try manifests.remove("a.yaml")
            await manifests.scan()
            #expect(try manifests.names(Service.self).isEmpty)
            #expect(try manifests.names(Node.self) == ["n1"])
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
            let service = try #require(manifests.cluster.service("lb"))
            #expect(service.status?.loadBalancer?.ingress.map(\.ip) == ["192.0.2.1", "192.0.2.2"])
            #expect(service.status?.loadBalancer?.ingress.map(\.ipMode) == ["VIP", "Proxy"])
            let port = try #require(service.spec.healthCheckNodePort)
            #expect((30000...32767).contains(port))
            #expect(try manifests.names(ServiceCIDR.self) == ["more"])

            try manifests.write("lb.yaml", text.replacing("192.0.2.1", with: "192.0.2.9"))
            await manifests.scan()
            let changed = try #require(manifests.cluster.service("lb"))
            #expect(changed.status?.loadBalancer?.ingress.first?.ip == "192.0.2.9")
            #expect(changed.spec.healthCheckNodePort == port)
        }
    }

    @Test func statusAndDeletionTimestampAreApplied() async throws {
        try await withManifests { manifests in
            try manifests.write(
                "pod.yaml",
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p, uid: from-elsewhere, resourceVersion: "999", deletionTimestamp: "2026-01-01T00:00:00Z"}
                spec: {nodeName: n1}
                status: {phase: Running, podIP: 10.244.0.1, conditions: [{type: Ready, status: "True"}]}
                """)
            await manifests.scan()
            let stored = manifests.cluster.store.get(ObjectKey(Pod.self, namespace: "default", name: "p"))
            let pod = try #require(stored?.object as? Pod)
            #expect(pod.metadata.deletionTimestamp?.text == "2026-01-01T00:00:00Z")
            #expect(pod.metadata.uid != "from-elsewhere" && pod.metadata.resourceVersion != "999")
            #expect(pod.status.phase == "Running" && pod.status.conditions.map(\.status) == ["True"])
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
            #expect(try manifests.names(Service.self) == ["a", "b", "c", "d"])
            #expect(["a", "b", "c"].map { manifests.cluster.service($0)?.spec.ports[0].port } == [80, 80, 81])
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
            #expect(try manifests.names(Service.self) == ["a", "c", "z"])
        }
    }

    @Test func syntaxErrorDeletesNothing() async throws {
        try await withManifests { manifests in
            try manifests.write("a.yaml", service("a") + service("b"))
            await manifests.scan()
            try manifests.write("a.yaml", service("a", port: 81) + "kind: [\n")
            await manifests.scan()
            #expect(try manifests.names(Service.self) == ["a", "b"])
            #expect(manifests.cluster.service("a")?.spec.ports[0].port == 81)
            #expect(manifests.errors.count == 1)
            try manifests.write("a.yaml", service("a", port: 81))
            await manifests.scan()
            #expect(try manifests.names(Service.self) == ["a"])
        }
    }

    @Test func firstFileByNameWins() async throws {
        try await withManifests { manifests in
            try manifests.write("b.yaml", service("x", port: 2))
            await manifests.scan()
            try manifests.write("a.yaml", service("x", port: 1))
            try manifests.write("c.yaml", service("x", port: 3) + service("w") + service("w", port: 4))
            await manifests.scan()
            #expect(manifests.cluster.service("x")?.spec.ports[0].port == 1)
            #expect(manifests.cluster.service("w")?.spec.ports[0].port == 80)
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
            #expect(manifests.cluster.service("x")?.spec.ports[0].port == 2)
            try manifests.write("b.yaml", "")
            await manifests.scan()
            #expect(manifests.cluster.service("x")?.spec.ports[0].port == 3)
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
            #expect(manifests.cluster.service("a")?.spec.ports[0].port == 82)
        }
    }

    @Test func mountedConfigMapIsFollowed() async throws {
        try await withManifests { manifests in
            try manifests.write("v1", service("a", port: 81))
            try manifests.write("v2", service("a", port: 82))
            try manifests.link("a.yaml", to: "v1")
            await manifests.scan()
            #expect(manifests.cluster.service("a")?.spec.ports[0].port == 81)
            try manifests.remove("a.yaml")
            try manifests.link("a.yaml", to: "v2")
            await manifests.scan()
            #expect(manifests.cluster.service("a")?.spec.ports[0].port == 82)
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
            #expect(try manifests.names(Service.self) == ["a", "b"])
            advance(60_000_000)
            #expect(await manifests.scan() == false)
            #expect(try manifests.names(Service.self) == ["a"])

            // Moved away, to come back in another version.
            try manifests.rename("a.yaml", to: "a.yaml~")
            #expect(await manifests.scan() == true)
            try manifests.write("a.yaml", service("a", port: 82))
            #expect(await manifests.scan() == false)
            #expect(manifests.cluster.service("a")?.spec.ports[0].port == 82)
            try manifests.remove("a.yaml")
            #expect(await manifests.scan() == true)
            #expect(try manifests.names(Service.self) == ["a"])
            advance(60_000_000)
            #expect(await manifests.scan() == false)
            #expect(try manifests.names(Service.self).isEmpty)
        }
    }

    @Test func explicitAddressesGoFirst() async throws {
        let probe = try await Cluster()
        _ = try await probe.applier.apply(Service("a", type: "NodePort"))
        let wanted = try #require(probe.service("a")?.spec)
        let address = wanted.clusterIP
        let port = wanted.ports[0].nodePort
        try await withManifests { manifests in
            try manifests.write(
                "1.yaml",
                service("a", extra: "type: NodePort")
                    + service("b", extra: "type: NodePort\n  clusterIP: \(address)")
                    + service("c", extra: "type: NodePort").replacing("port: 80", with: "port: 80, nodePort: \(port)"))
            await manifests.scan()
            #expect(manifests.errors.isEmpty)
            #expect(manifests.cluster.service("b")?.spec.clusterIP == address)
            #expect(manifests.cluster.service("c")?.spec.ports[0].nodePort == port)
            let first = try #require(manifests.cluster.service("a")?.spec)
            #expect(first.clusterIP != address && first.ports[0].nodePort != port)
        }
    }

    @Test func conflictIsTriedAgainWhenSomethingChanges() async throws {
        try await withManifests { manifests in
            try manifests.write("1.yaml", service("a", extra: "clusterIP: 10.96.0.10"))
            try manifests.write("2.yaml", service("b", extra: "clusterIP: 10.96.0.10"))
            await manifests.scan()
            #expect(
                manifests.errors.map { $0.replacing(manifests.directory + "/", with: "") } == [
                    "2.yaml: Service default/b: spec.clusterIP: 10.96.0.10 is already used by Service default/a"
                ])
            try manifests.remove("1.yaml")
            await manifests.scan()
            #expect(manifests.cluster.service("b")?.spec.clusterIP == "10.96.0.10")
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
            #expect(try manifests.names(Service.self) == ["a"])
        }
    }
}
