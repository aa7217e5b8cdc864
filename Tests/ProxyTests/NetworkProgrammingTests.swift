import Dataplane
import KubeAPI
import Logging
import MetricsTestKit
import Net
import Synchronization
import Testing

@testable import Proxy

@Suite("Network programming: from the change of a slice's endpoints to the kernel's acknowledgement")
struct NetworkProgrammingTests {
    private final class Clock: Sendable {
        private let time = Mutex(Timestamp(microsecondsSinceEpoch: 0))
        var now: Timestamp { time.withLock { $0 } }
        func set(seconds: Double) {
            time.withLock { $0 = Timestamp(microsecondsSinceEpoch: Int64(seconds * 1_000_000)) }
        }
    }

    private static let report = CommitReport(isFull: false, servicePorts: 1, elements: 2, bytes: 90)
    private let clock = Clock()
    private let metrics = TestMetrics()
    private let proxy: ServiceProxy

    /// The proxy starts at 1,000 s, and everything is listed by then.
    init() {
        clock.set(seconds: 1000)
        let clock = clock
        proxy = ServiceProxy(
            configuration: ProxyConfiguration(nodeName: "this"), logger: RecordingLog().makeLogger(), metrics: metrics
        ) { clock.now }
        proxy.submit(
            .replaceServices([
                makeService("web", clusterIPs: ["10.96.0.10", "fd00::10"]),
                makeService("other", clusterIPs: ["10.96.0.11"]),
            ]))
        proxy.submit(.replaceEndpointSlices([]))
        commit(at: 1000)
    }

    private func slice(
        _ addresses: [String], at seconds: Double?, of service: String = "web", name: String? = nil,
        family: String = "IPv4"
    ) -> EndpointSlice {
        var slice = makeSlice(
            of: service, addresses.map { makeEndpoint($0) }, name: name, addressType: family)
        if let seconds {
            let time = Timestamp(microsecondsSinceEpoch: Int64(seconds * 1_000_000))
            slice.metadata.annotations[TriggerTimes.annotation] = time.microsecondText
        }
        return slice
    }

    /// As the sync thread does.
    private func commit(at seconds: Double) {
        _ = proxy.takeChanges()
        clock.set(seconds: seconds)
        proxy.committed(Self.report)
    }

    /// In seconds, in the order in which they were observed.
    private func observed(_ family: String = "IPv4") throws -> [Double] {
        try metrics.expectTimer("kubeproxy_network_programming_duration_seconds", [("ip_family", family)]).values
            .map { Double($0) / 1_000_000_000 }
    }

    @Test("observed once, when the kernel has acknowledged it")
    func once() throws {
        proxy.submit(.endpointSlice(.added(slice(["10.244.0.1"], at: 1001.25))))
        _ = proxy.takeChanges()
        clock.set(seconds: 1002)
        proxy.commitFailed(CommitFailure(servicePort: nil, description: "EBUSY", retryMilliseconds: 100))
        #expect(try observed() == [])
        commit(at: 1003.5)
        #expect(try observed() == [2.25])
        proxy.committed(Self.report)
        // The same again, by a new list.
        proxy.submit(.replaceEndpointSlices([slice(["10.244.0.1"], at: 1001.25)]))
        commit(at: 1004)
        // Others change the slice and leave the annotation as it was.
        proxy.submit(.endpointSlice(.modified(slice(["10.244.0.1", "10.244.0.2"], at: 1001.25))))
        commit(at: 1005)
        #expect(try observed() == [2.25])
        #expect(try observed("IPv6") == [])
    }

    @Test("each family's own", arguments: [("IPv4", "10.244.0.1"), ("IPv6", "fd00::1")])
    func families(family: String, address: String) throws {
        proxy.submit(.endpointSlice(.added(slice([address], at: 1001, family: family))))
        commit(at: 1002)
        #expect(try observed(family) == [1])
        #expect(try observed(family == "IPv4" ? "IPv6" : "IPv4") == [])
    }

    @Test("all events count that the mailbox made one, also by a new list")
    func coalesced() throws {
        for second in 1...3 {
            proxy.submit(.endpointSlice(.modified(slice(["10.244.0.\(second)"], at: 1000 + Double(second)))))
        }
        proxy.submit(.endpointSlice(.modified(slice(["10.244.0.4"], at: 1003))))
        commit(at: 1010)
        #expect(try observed() == [9, 8, 7])
        proxy.submit(.endpointSlice(.modified(slice(["10.244.0.5"], at: 1011))))
        proxy.submit(.replaceEndpointSlices([slice(["10.244.0.6"], at: 1012)]))
        commit(at: 1013)
        #expect(try observed() == [9, 8, 7, 2, 1])
    }

    @Test("all of the changes that one commit has")
    func severalTakes() throws {
        proxy.submit(.endpointSlice(.added(slice(["10.244.0.1"], at: 1001))))
        _ = proxy.takeChanges()
        proxy.submit(.endpointSlice(.added(slice(["10.244.0.2"], at: 1002, of: "other"))))
        commit(at: 1004)
        #expect(try observed() == [3, 2])
    }

    @Test("not what changed before the start, nor what has no time, or none that can be read")
    func notMeasured() throws {
        proxy.submit(.endpointSlice(.added(slice(["10.244.0.1"], at: 1000))))
        proxy.submit(.endpointSlice(.added(slice(["10.244.0.2"], at: 999, of: "other"))))
        commit(at: 1001)
        proxy.submit(.endpointSlice(.modified(slice(["10.244.0.3"], at: nil))))
        var bad = slice(["10.244.0.4"], at: nil, of: "other")
        bad.metadata.annotations[TriggerTimes.annotation] = "yesterday"
        proxy.submit(.endpointSlice(.modified(bad)))
        commit(at: 1002)
        #expect(try observed() == [])
    }

    @Test("not deletions, nor what a deletion overtakes", arguments: [true, false])
    func deletions(byName: Bool) throws {
        let first = slice(["10.244.0.1"], at: 1001)
        let gone: ProxyEvent =
            byName
            ? .gone(.endpointSlice, ObjectName(namespace: "default", name: "web-1")) : .endpointSlice(.deleted(first))
        proxy.submit(.endpointSlice(.added(first)))
        proxy.submit(gone)
        commit(at: 1002)
        proxy.submit(.endpointSlice(.added(slice(["10.244.0.1"], at: 1003))))
        _ = proxy.takeChanges()
        proxy.submit(gone)
        commit(at: 1004)
        #expect(try observed() == [])
    }

    @Test("not what the kernel refused by name; the others of the commit are")
    func refused() throws {
        proxy.submit(.endpointSlice(.added(slice(["10.244.0.1"], at: 1001))))
        proxy.submit(.endpointSlice(.added(slice(["10.244.0.2"], at: 1002, of: "other"))))
        _ = proxy.takeChanges()
        let name = ServicePortName(namespace: "default", service: "web", port: "http", protocol: .tcp, family: .ipv4)
        proxy.commitFailed(CommitFailure(servicePort: name, description: "EEXIST", retryMilliseconds: 0))
        commit(at: 1003)
        #expect(try observed() == [1])
    }

    @Test("what the kernel has nothing to do for is programmed at once; a clock that is ahead counts as none")
    func nothingToDo() throws {
        clock.set(seconds: 1001)
        // No Service has these endpoints.
        proxy.submit(.endpointSlice(.added(slice(["10.244.0.1"], at: 1000.5, of: "absent"))))
        #expect(proxy.takeChanges()?.isEmpty == true)
        #expect(try observed() == [0.5])
        proxy.submit(.endpointSlice(.added(slice(["10.244.0.1"], at: 2000))))
        commit(at: 1002)
        #expect(try observed() == [0.5, 0])
    }
}
