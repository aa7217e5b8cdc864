import FoundationEssentials
import KubeAPI
import Net
import Storage
import Testing

@testable import ControlPlane

@Suite struct ControlPlaneCoreTests {
    private let service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        ---
        """

    private func pod(_ name: String, _ address: String) -> String {
        """

        apiVersion: v1
        kind: Pod
        metadata: {name: \(name), labels: {app: web}}
        spec: {nodeName: n1, containers: [{name: web, image: web}]}
        status:
          phase: Running
          podIP: \(address)
          podIPs: [{ip: \(address)}]
          conditions: [{type: Ready, status: "True"}]
        ---
        """
    }

    private func core(
        _ store: EmbeddedStore, nodeName: String = "n1", manifests: String? = nil,
        changes: AsyncStream<Void> = AsyncStream { _ in }
    ) throws -> ControlPlaneCore {
        try ControlPlaneCore(
            ControlPlaneConfiguration(
                serviceCIDRs: [try IPPrefix("10.96.0.0/16")], nodePorts: try PortRange("30000-32767"),
                nodeName: nodeName, manifestDirectory: manifests),
            store: store, changes: changes, logger: ErrorLog().logger)
    }

    /// From files to slices as a node reads them, and on from a notification of a change; nothing here waits for a timer.
    @Test func manifestsBecomeSlices() async throws {
        try await withManifests { manifests in
            try manifests.write("web.yaml", service + pod("p1", "10.244.0.1"))
            let (changes, notification) = AsyncStream<Void>.makeStream()
            let core = try core(EmbeddedStore(), manifests: manifests.directory, changes: changes)
            try await withThrowingTaskGroup { group in
                group.addTask { try await core.run() }
                try await core.synced()
                #expect(core.isSynced)
                // The proxy joins after the fact: it sees all of it at once.
                let (slices, sink) = AsyncStream<Set<String>>.makeStream()
                let registration = try await core.registry.store.follow(EndpointSlice.self) { change in
                    guard case .applied(let slice) = change,
                        slice.metadata.labels[EndpointSlice.serviceNameLabel] == "web"
                    else { return }
                    sink.yield(Set(slice.endpoints.map { $0.addresses[0] }))
                }
                var seen = slices.makeAsyncIterator()
                #expect(await seen.next() == ["10.244.0.1"])
                #expect(try await core.registry.find(.nodes, ObjectName(namespace: "", name: "n1")) != nil)

                try manifests.write("more.yaml", pod("p2", "10.244.0.2"))
                notification.yield()
                while let addresses = await seen.next(), addresses != ["10.244.0.1", "10.244.0.2"] {}
                registration.cancel()
                group.cancelAll()
                try? await group.waitForAll()
            }
        }
    }

    @Test func whatANodeReadsIsWhatIsStored() async throws {
        let core = try core(EmbeddedStore(), nodeName: "")
        try await core.registry.start()
        let (events, sink) = AsyncStream<String>.makeStream()
        let registration = try await core.registry.store.follow(KubeAPI.Service.self) { change in
            switch change {
            case .applied(let service): sink.yield("\(service.metadata.name) \(service.spec.ports.map(\.port))")
            case .deleted(let name): sink.yield("\(name.namespace)/\(name.name) gone")
            case .unreadable(let object): sink.yield("\(object)")
            }
        }
        defer { registration.cancel() }
        var seen = events.makeAsyncIterator()
        #expect(await seen.next() == "kubernetes [443]")
        var service = Unstructured(.services, namespace: "default", name: "web")
        service["spec"] = ["ports": [["port": 80]]]
        _ = try await core.registry.create(service, in: .services)
        #expect(await seen.next() == "web [80]")
        try await core.registry.delete(.services, service.objectName, .init())
        #expect(await seen.next() == "default/web gone")
    }

    @Test func syncedEndsWithItsTask() async throws {
        let core = try core(EmbeddedStore(), nodeName: "")
        let waiter = Task { try await core.synced() }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
    }
}
