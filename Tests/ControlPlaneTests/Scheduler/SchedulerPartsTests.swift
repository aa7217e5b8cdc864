import KubeAPI
import Testing

@testable import ControlPlane

/// The pure parts of the scheduler.
@Suite struct SchedulerPartsTests {
    @Test func requestsOfAPod() throws {
        func container(_ cpu: String, _ policy: String? = nil) -> JSONValue {
            var container: JSONValue = ["name": "c", "resources": ["requests": ["cpu": .string(cpu)]]]
            if let policy { container["restartPolicy"] = .string(policy) }
            return container
        }
        func cpu(_ containers: [JSONValue], _ initial: [JSONValue], overhead: String = "0") -> Int {
            let pod: JSONValue = [
                "spec": [
                    "containers": .array(containers), "initContainers": .array(initial),
                    "overhead": ["cpu": .string(overhead)],
                ]
            ]
            return PodRequests.of(pod, withLeast: false).milliCPU
        }
        #expect(cpu([container("100m"), container("200m")], []) == 300)
        #expect(cpu([container("100m")], [container("1")]) == 1000)
        #expect(cpu([container("100m")], [container("50m", "Always")], overhead: "10m") == 160)
        // An init container after a sidecar runs beside it.
        #expect(cpu([container("100m")], [container("50m", "Always"), container("80m")]) == 150)
        #expect(cpu([container("100m")], [container("50m", "Always"), container("200m")]) == 250)
    }

    private static let expressions: [(expression: JSONValue, first: Bool, second: Bool)] = [
        (["key": "k", "operator": "In", "values": ["a", "b"]], true, false),
        (["key": "k", "operator": "NotIn", "values": ["a"]], false, true),
        (["key": "k", "operator": "Exists"], true, false), (["key": "k", "operator": "DoesNotExist"], false, true),
        (["key": "n", "operator": "Gt", "values": ["5"]], true, false),
        (["key": "n", "operator": "Lt", "values": ["5"]], false, false),
    ]

    @Test(arguments: expressions)
    func nodeTerms(expression: JSONValue, first: Bool, second: Bool) {
        let term = NodeTerm(["matchExpressions": [expression]])
        #expect(term.matches(name: "x", labels: ["k": "a", "n": "7"]) == first)
        #expect(term.matches(name: "x", labels: [:]) == second)
        #expect(!NodeTerm(.null).matches(name: "x", labels: [:]))
    }

    @Test func logarithms() {
        for (number, value) in [(2, 0.693_147_180_6), (3, 1.098_612_288_7), (10, 2.302_585_093), (5002, 8.517_593_3)] {
            #expect(abs(NodeScores.logarithm(number) - value) < 1e-6)
        }
    }

    @Test func hostPortsConflict() {
        let any = HostPort(address: "0.0.0.0", transport: "TCP", number: 80)
        #expect(any.conflicts(with: HostPort(address: "10.0.0.1", transport: "TCP", number: 80)))
        #expect(!any.conflicts(with: HostPort(address: "0.0.0.0", transport: "UDP", number: 80)))
        #expect(
            !HostPort(address: "10.0.0.1", transport: "TCP", number: 80)
                .conflicts(with: HostPort(address: "10.0.0.2", transport: "TCP", number: 80)))
    }

    @Test func priorityComesFirst() async throws {
        let clock = TestClock()
        let queue = SchedulingQueue(clock: clock, activity: Activity())
        func pod(_ name: String, _ priority: Int) throws -> SchedulingPod {
            var tree = Unstructured(.pods, namespace: "default", name: name)
            tree.uid = name
            tree["spec"] = ["priority": JSONValue(priority)]
            return SchedulingPod(tree)
        }
        for (name, priority) in [("a", 0), ("b", 10), ("c", 0), ("d", 10)] { queue.set(try pod(name, priority)) }
        let order = await queue.next(10).map(\.name.name)
        #expect(order == ["b", "d", "a", "c"])
        // What fits nowhere comes back after a change that may help, and not before its pause is over.
        queue.park(ObjectName(namespace: "default", name: "a"), .room)
        for name in ["b", "c", "d"] { queue.finish(ObjectName(namespace: "default", name: name)) }
        queue.move(.node)
        clock.advance(by: .seconds(20))
        queue.set(try pod("e", 0))
        #expect(await queue.next(10).map(\.name.name) == ["e"])
        queue.move(.room)
        #expect(await queue.next(10).map(\.name.name) == ["a"])
    }
}
