import Dataplane
import Net
import TestSupport
import Testing

@Suite struct PlannerTests {
    private let name = ServicePortName(
        namespace: "default", service: "web", port: "http", protocol: .tcp, family: .ipv4)

    private func endpoints(_ count: UInt32, from first: UInt32 = 1) -> [Endpoint] {
        (first..<first + count).map {
            Endpoint(address: IPAddress(v4: 0x0AF4_0000 + $0), port: 8080, isLocal: $0 % 2 == 0)
        }
    }

    private func desired(_ count: UInt32, nodePort: UInt16? = nil) -> DesiredState {
        var state = DesiredState()
        state.servicePorts[name] = ServicePort(
            clusterIP: IPAddress(v4: 0x0A60_0001), port: 80, nodePort: nodePort, endpoints: endpoints(count))
        return state
    }

    private var change: Dirty { Dirty(servicePorts: [name]) }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func anySequenceLeavesWhatAFullSyncWould(seed: UInt64) {
        var random = RandomServicePorts(seed: seed)
        var state = DesiredState()
        var incremental = RecordedBackend()
        incremental.commit(.everything, state)
        for step in 0..<60 {
            let dirty = random.change(&state)
            incremental.commit(step % 25 == 24 ? .everything : dirty, state)
            guard step % 6 == 5 else { continue }
            var fresh = RecordedBackend()
            fresh.commit(.everything, state)
            for family in IPFamily.allCases {
                let table = incremental.table(family)
                let canonical = CanonicalTable(table)
                #expect(table.mistakes == [], "seed \(seed), step \(step)")
                #expect(canonical == CanonicalTable(fresh.table(family)), "seed \(seed), step \(step)")
                #expect(canonical.gaps == [])
            }
        }
    }

    @Test func oneEndpointMoreWritesOneElement() {
        var backend = RecordedBackend()
        backend.commit(.everything, desired(9))
        backend.commit(change, desired(10))
        let before = backend.recorder.elementCount
        backend.commit(change, desired(11))
        // Endpoint 11 is not local: no hairpin element. 10 and 11 are of the same size class.
        #expect(backend.recorder.elementCount - before == 1)
    }

    @Test func crossingAPowerOfTwoMovesTheFrontendOnly() {
        var backend = RecordedBackend()
        backend.commit(.everything, desired(8))
        let before = backend.recorder.elementCount
        backend.commit(change, desired(9))
        #expect(backend.recorder.elementCount - before == 3)
    }

    @Test func nothingChangedWritesNothing() {
        var backend = RecordedBackend()
        backend.commit(.everything, desired(5, nodePort: 30_080))
        let before = backend.recorder
        backend.commit(change, desired(5, nodePort: 30_080))
        #expect(backend.recorder.elementCount == before.elementCount)
        #expect(backend.table(.ipv4) == before.tables[.ipv4])
    }

    @Test func aSharedClusterIPStaysUntilItsLastPortGoes() {
        var state = desired(1)
        let second = ServicePortName(
            namespace: "default", service: "web", port: "https", protocol: .tcp, family: .ipv4)
        state.servicePorts[second] = ServicePort(
            clusterIP: IPAddress(v4: 0x0A60_0001), port: 443, endpoints: endpoints(1))
        var backend = RecordedBackend()
        backend.commit(.everything, state)
        state.servicePorts[name] = nil
        backend.commit(change, state)
        #expect(backend.table(.ipv4).sets["cluster-ips"]?.exact.count == 1)
        state.servicePorts[second] = nil
        backend.commit(Dirty(servicePorts: [second]), state)
        #expect(backend.table(.ipv4).sets["cluster-ips"]?.exact.count == 0)
    }
}
