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
        switch Int.random(in: 0..<11, using: &random) {
        case 0:
            services[number] = nil
            return service.removal
        case 1:
            return create(number)
        case 2:
            settings(&service)
            services[number] = service
            return service.serviceEvents
        case 3:
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
        settings(&service)
        for slice in ["a", "b"] { service.slices[slice] = backends() }
        var events: [ProxyEvent] = []
        if let former = services.updateValue(service, forKey: number) { events = former.removal }
        return events + service.events
    }

    private static let ranges = [
        "198.51.100.1/32", "198.51.100.0/30", "198.51.100.0/24", "192.168.7.0/24", "10.244.0.0/16", "0.0.0.0/0",
        "2001:db8:100::/126", "2001:db8:100::1/128", "fd07::/64", "fd44::/48", "::/0",
    ]

    /// What is set seldom is often left out; addresses are few, so that Services want the same.
    private mutating func settings(_ service: inout ServiceFixture) {
        service.internalPolicy = chance(25) ? .local : .cluster
        service.externalPolicy = chance(40) ? .local : .cluster
        service.affinitySeconds = chance(25) ? [10_800, 60].randomElement(using: &random) : nil
        service.externalIPs = chance(30) ? [LabAddresses.external(UInt8.random(in: 1...3, using: &random))] : []
        service.balancers =
            chance(40) ? (0..<2).map { _ in LabAddresses.external(UInt8.random(in: 1...5, using: &random)) } : []
        service.balancerMode = chance(10) ? "Proxy" : nil
        service.sourceRanges = chance(40) ? Array(Self.ranges.shuffled(using: &random).prefix(4)) : []
        service.labels = chance(5) ? ["service.kubernetes.io/service-proxy-name": "other"] : [:]
    }

    private mutating func backends() -> [ServiceFixture.Backend] {
        let count = [0, 0, 1, 1, 2, 3, 4, 5, 9, 17].randomElement(using: &random) ?? 0
        let first = UInt8.random(in: 10...13, using: &random)
        let hasHints = chance(15)
        return (0..<UInt8(count)).map { index in
            let node: UInt8 = index % 3 == 0 ? 2 : 1
            var backend = ServiceFixture.Backend(LabAddresses.pod(first + index, node: node), nodeName: "node-\(node)")
            if chance(10) {
                backend.conditions = EndpointConditions(ready: false, serving: chance(50), terminating: true)
            }
            if hasHints {
                backend.hints = EndpointHints(
                    forZones: chance(50) ? ["a"] : ["b"], forNodes: chance(50) ? ["node-1"] : nil)
            }
            return backend
        }
    }
}
