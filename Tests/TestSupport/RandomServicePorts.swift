import Dataplane
import Net

/// Random desired state for property tests: few names and addresses, so that things collide and come back.
package struct RandomServicePorts {
    package var generator: SeededGenerator

    package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// The next changes, and their effect on `desired`.
    package mutating func change(_ desired: inout DesiredState, services: Int = 12) -> Dirty {
        var dirty = Dirty.nothing
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let name = self.name(services)
            let port = Int.random(in: 0..<5, using: &generator) == 0 ? nil : port(name, desired)
            desired.servicePorts[name] = port
            dirty.servicePorts.insert(name)
        }
        if Int.random(in: 0..<8, using: &generator) == 0 {
            let count = Int.random(in: 0...2, using: &generator)
            desired.node.nodePortAddresses = Set((0..<count).flatMap { [v4(192, UInt32($0)), v6(192, UInt64($0))] })
            let prefixes = [LabAddresses.serviceCIDRs, LabAddresses.clusterCIDRs, LabAddresses.lanCIDRs]
            desired.node.serviceCIDRs = Set(prefixes.shuffled(using: &generator)[0])
            desired.node.healthCheckPorts = Set(
                [31_000, 31_001, 31_002].filter { _ in Bool.random(using: &generator) })
            dirty.node = true
        }
        return dirty
    }

    private mutating func name(_ services: Int) -> ServicePortName {
        let number = Int.random(in: 0..<services, using: &generator)
        return ServicePortName(
            namespace: "default", service: "s\(number)", port: Bool.random(using: &generator) ? "http" : "dns",
            protocol: Bool.random(using: &generator) ? .tcp : .udp,
            family: Bool.random(using: &generator) ? .ipv4 : .ipv6
        )
    }

    /// Frontends follow from the name, so that no two service ports claim the same; a few move between two addresses.
    private mutating func port(_ name: ServicePortName, _ desired: DesiredState) -> ServicePort {
        let number = UInt32(name.service.dropFirst()) ?? 0
        let isMoved = Int.random(in: 0..<6, using: &generator) == 0
        let port: UInt16 = name.port == "http" ? 80 : 53
        let host = number + (isMoved ? 100 : 0)
        let hasNodePort = Int.random(in: 0..<3, using: &generator) > 0
        let count = [0, 1, 1, 2, 3, 4, 5, 8, 9, 17, 33].randomElement(using: &generator) ?? 0
        let first = UInt32.random(in: 0..<4, using: &generator)
        var result = ServicePort(
            clusterIP: name.family == .ipv4 ? v4(96, host) : v6(96, UInt64(host)), port: port,
            nodePort: hasNodePort ? 30_000 + UInt16(number) * 2 + (port == 80 ? 0 : 1) : nil,
            endpoints: (0..<UInt32(count)).map { index in
                let host = first + index
                return Endpoint(
                    address: name.family == .ipv4 ? v4(244, host) : v6(244, UInt64(host)), port: 8080,
                    isLocal: host % 2 == 0)
            })
        makeRare(&result, name, number)
        return result
    }

    /// Policies, affinity and external addresses, of which most service ports have none.
    private mutating func makeRare(_ port: inout ServicePort, _ name: ServicePortName, _ number: UInt32) {
        func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &generator) == 0 }
        if chance(4) { port.affinitySeconds = chance(2) ? 10 : 10_800 }
        if chance(4) { port.internalPolicy = .local }
        if chance(3) { port.externalPolicy = .local }
        if port.internalPolicy == .local || port.externalPolicy == .local {
            port.localEndpoints = port.endpoints.filter(\.isLocal)
        }
        for host in 0..<2 where chance(3) {
            let host = number * 2 + UInt32(host)
            let ranges = [LabAddresses.clusterCIDRs, LabAddresses.lanCIDRs].map { $0[name.family == .ipv4 ? 0 : 1] }
            port.externalAddresses.append(
                ExternalAddress(
                    name.family == .ipv4 ? v4(7, host) : v6(7, UInt64(host)),
                    allowedSources: chance(2) ? Array(ranges.prefix(chance(2) ? 1 : 2)) : nil))
        }
    }

    private func v4(_ net: UInt32, _ host: UInt32) -> IPAddress { IPAddress(v4: 10 << 24 | net << 16 | host) }
    private func v6(_ net: UInt64, _ host: UInt64) -> IPAddress { IPAddress(v6: 0xFD00 << 48 | net, host) }
}
