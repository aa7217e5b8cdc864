import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct EventExpiryTests {
    private func event(_ name: String, lastTimestamp: Timestamp) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Event", "metadata": ["name": .string(name), "namespace": "default"],
            "involvedObject": ["kind": "Pod", "namespace": "default", "name": "p"],
            "reason": "Test", "message": "m", "type": "Normal",
            "firstTimestamp": .string(lastTimestamp.text), "lastTimestamp": .string(lastTimestamp.text),
        ]
    }

    @Test func anEventEndsAnHourAfterItsLastWrite() async throws {
        try await TestCluster.run { cluster in
            // What it says of its time is not when it was written.
            let old = cluster.clock.now + .seconds(-86_400)
            for name in ["once", "again"] {
                try await cluster.create(.events, self.event(name, lastTimestamp: old))
            }
            try await cluster.advance(seconds: 3000)
            #expect(try await cluster.exists(.events, "once"))
            try await cluster.edit(.events, "again") { $0["count"] = 2 }
            try await cluster.advance(seconds: 661)
            let isGone = try await !cluster.exists(.events, "once")
            #expect(isGone)
            let isKept = try await cluster.exists(.events, "again")
            #expect(isKept)
            try await cluster.advance(seconds: 3000)
            let events = try await cluster.registry.list(.events, namespace: nil)
            #expect(events.isEmpty)
        }
    }

    /// After a restart the objects themselves say when they were written.
    @Test func whatIsThereAtTheStartEnds() async throws {
        let registry = try await Registry.started()
        let clock = TestClock()
        _ = try await registry.create(try Unstructured(event("e", lastTimestamp: clock.now)), in: .events)
        let controllers = ControllerSet(
            client: registry, configuration: ControllerConfiguration(), clock: clock, logger: ErrorLog().logger)
        try await withThrowingTaskGroup { group in
            group.addTask { try await controllers.run() }
            try await controllers.settled()
            clock.advance(by: .seconds(3700))
            try await controllers.settled()
            let events = try await registry.list(.events, namespace: nil)
            #expect(events.isEmpty)
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
