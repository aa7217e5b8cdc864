import Dataplane
import Net
import TestSupport
import Testing

@Suite struct SlotAssignmentTests {
    private func endpoints(_ hosts: [UInt32]) -> [Endpoint] {
        hosts.map { Endpoint(address: IPAddress(v4: $0), port: 80) }
    }

    @Test(
        arguments: [
            ([], [1, 2, 3], [1, 2, 3]),
            ([1, 2, 3], [1, 2, 3], [1, 2, 3]),
            ([1, 2, 3], [3, 2, 1], [1, 2, 3]),
            ([1, 2, 3, 4], [1, 3, 4], [1, 4, 3]),
            ([1, 2, 3, 4], [2, 3, 4, 5], [5, 2, 3, 4]),
            ([1, 2], [1, 2, 3], [1, 2, 3]),
            ([1, 2, 3, 4, 5], [2], [2]),
            ([1, 2, 3], [], []),
            ([1, 2], [3, 4, 5], [3, 4, 5]),
        ] as [([UInt32], [UInt32], [UInt32])])
    func example(current: [UInt32], desired: [UInt32], expected: [UInt32]) {
        #expect(SlotAssignment.assign(endpoints(desired), keeping: endpoints(current)) == endpoints(expected))
    }

    @Test func writesNoMoreSlotsThanEndpointsChange() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let current = endpoints((0..<UInt32.random(in: 0...40, using: &generator)).shuffled(using: &generator))
            let desired = endpoints((0..<60).filter { _ in Bool.random(using: &generator) })
            let slots = SlotAssignment.assign(desired, keeping: current)
            #expect(Set(slots) == Set(desired) && slots.count == desired.count)
            let written = slots.indices.filter { !current.indices.contains($0) || current[$0] != slots[$0] }.count
            let arriving = Set(desired).subtracting(current).count
            let leaving = Set(current).subtracting(desired).count
            #expect(written <= max(arriving, leaving))
        }
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (8, 8), (9, 16), (1_000, 1_024), (1_025, 2_048)])
    func sizeClass(count: Int, slots: Int) {
        #expect(SizeClass(endpoints: count)?.slots == slots)
    }

    @Test func noSizeClassWithoutEndpoints() { #expect(SizeClass(endpoints: 0) == nil) }
}
