import FoundationEssentials
import KubeAPI
import Net
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
        status: {phase: Running, podIP: \(address), conditions: [{type: Ready, status: "True"}]}
        ---
        """
    }

    /// From files to slices, and on from a notification of a change; nothing here waits for a timer.
    @Test func manifestsBecomeSlices() async throws {
        try await withManifests { manifests in
            try manifests.write("web.yaml", service + pod("p1", "10.244.0.1"))
            let (changes, notification) = AsyncStream<Void>.makeStream()
            let core = try ControlPlaneCore(
                ControlPlaneConfiguration(
                    serviceCIDRs: [try IPPrefix("10.96.0.0/16")], nodePorts: try PortRange("30000-32767"),
                    nodeName: "n1", manifestDirectory: manifests.directory),
                changes: changes, logger: ErrorLog().logger)
            try await withThrowingTaskGroup { group in
                group.addTask { try await core.run() }
                try await core.synced()
                // The proxy joins after the fact: it sees all of it at once.
                let (slices, sink) = AsyncStream<[String]>.makeStream()
                _ = try await core.store.watch(EndpointSlice.self) { event in
                    sink.yield(event.object.endpoints.map { $0.addresses[0] })
                }
                var seen = slices.makeAsyncIterator()
                #expect(await seen.next() == ["10.244.0.1"])
                #expect(core.store.get(ObjectKey(Node.self, name: "n1")) != nil)

                try manifests.write("more.yaml", pod("p2", "10.244.0.2"))
                notification.yield()
                #expect(await seen.next() == ["10.244.0.1", "10.244.0.2"])
                group.cancelAll()
                try await group.waitForAll()
            }
            #expect(core.store.watchCount == 1)
        }
    }

    @Test func syncedEndsWithItsTask() async throws {
        let core = try ControlPlaneCore(
            ControlPlaneConfiguration(
                serviceCIDRs: [try IPPrefix("10.96.0.0/16")], nodePorts: try PortRange("30000-32767"), nodeName: ""),
            changes: AsyncStream { _ in }, logger: ErrorLog().logger)
        let waiter = Task { try await core.synced() }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
    }
}
