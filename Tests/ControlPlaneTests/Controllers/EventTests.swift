import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct EventTests {
    private let start = Timestamp(microsecondsSinceEpoch: 1_700_000_000_000_000)

    private func event(_ message: String, subject: String = "web") -> ControllerEvent {
        ControllerEvent(
            subject: .init(.deployments, ObjectName(namespace: "default", name: subject), uid: "u"), kind: .normal,
            reason: "SuccessfulCreate", message: message, component: "test", action: "")
    }

    /// More than ten texts of one kind become one event; more than 25 events of one component about one object are too
    /// many, until time has gone by.
    @Test func manyBecomeOneAndTooManyNone() {
        var correlation = EventCorrelation()
        let written = (0..<30).map { correlation.correlate(event("pod-\($0)"), now: start)?.message }
        #expect(written[8] == "pod-8")
        #expect(written[9] == "(combined from similar events): pod-9")
        #expect(written[24] == "(combined from similar events): pod-24")
        #expect(written[25...].allSatisfy { $0 == nil })
        #expect(correlation.correlate(event("x", subject: "other"), now: start)?.message == "x")
        #expect(correlation.correlate(event("later"), now: start + .seconds(301)) != nil)
    }

    @Test func theSameEventIsCounted() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.replicaSets, .workload(.replicaSets, "web", replicas: 12))
            let events = try await cluster.registry.list(.events, namespace: "default")
                .filter { $0.tree.text(at: "reason") == "SuccessfulCreate" }
            #expect(events.count == 10)
            let alike = events.filter { $0.tree.text(at: "message").hasPrefix("(combined") }
            let combined = try #require(alike.first)
            #expect(combined.tree.int(at: "count") == 3)
            #expect(combined.tree.text(at: "source", "component") == "replicaset-controller")
            #expect(combined.tree.text(at: "involvedObject", "kind") == "ReplicaSet")
        }
    }
}
