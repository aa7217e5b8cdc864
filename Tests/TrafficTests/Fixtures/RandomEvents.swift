import KubeAPI
import Net
import Proxy
import TestSupport

/// Services that change at random, from pools so small that they collide and come back, with up to 40 endpoints each.
struct RandomEvents {
    private var random: SeededGenerator
    private var services: [Int: ServiceFixture] = [:]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// Changes something, and tells what.
    mutating func change() -> [ProxyEvent] {
        let number = Int.random(in: 0..<8, using: &random)
        guard var service = services[number] else { return create(number) }
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            services[number] = nil
            return service.removal
        case 1:
            return create(number)
        case 2:
            let family = chance(50) ? IPFamily.ipv4 : .ipv6
            return service.slices.keys.sorted().prefix(1).map { .endpointSlice(.deleted(service.slice($0, family))) }
        default:
            let slice = ["a", "b", "c"][Int.random(in: 0..<3, using: &random)]
            service.slices[slice] = backends()
            services[number] = service
            // One family may be ahead of the other.
            let families = chance(80) ? IPFamily.allCases : [.ipv6]
            return families.map { .endpointSlice(.modified(service.slice(slice, $0))) }
        }
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    /// Few ClusterIPs and NodePorts: two Services may want the same.
    private mutating func create(_ number: Int) -> [ProxyEvent] {
        var service = ServiceFixture("s\(number)", host: UInt8.random(in: 10...15, using: &random))
        if chance(20) { service.families = [chance(50) ? .ipv4 : .ipv6] }
        service.ports = (0..<Int.random(in: 1...2, using: &random)).map { index in
            ServiceFixture.Port(
                name: "p\(index)", transport: chance(60) ? .tcp : .udp,
                port: UInt16.random(in: 80...84, using: &random),
                nodePort: chance(40) ? UInt16.random(in: 30_000...30_003, using: &random) : 0)
        }
        for slice in ["a", "b"] { service.slices[slice] = backends() }
        var events: [ProxyEvent] = []
        if let former = services.updateValue(service, forKey: number) { events = former.removal }
        return events + service.events
    }

    private mutating func backends() -> [ServiceFixture.Backend] {
        let count = [0, 0, 1, 1, 2, 3, 4, 5, 9, 17].randomElement(using: &random) ?? 0
        let first = UInt8.random(in: 10...13, using: &random)
        return (0..<UInt8(count)).map { index in
            let node: UInt8 = index % 3 == 0 ? 2 : 1
            var backend = ServiceFixture.Backend(LabAddresses.pod(first + index, node: node), nodeName: "node-\(node)")
            if chance(10) {
                backend.conditions = EndpointConditions(ready: false, serving: chance(50), terminating: true)
            }
            return backend
        }
    }
}
