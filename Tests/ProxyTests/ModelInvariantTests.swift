import Dataplane
import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("Any sequence of events leaves what its last objects would")
struct ModelInvariantTests {
    private struct FrontendKey: Hashable {
        let address: IPAddress?
        let family: IPFamily
        let port: UInt16
        let `protocol`: L4Protocol
    }

    @Test("one by one, in batches and through the mailbox", arguments: [UInt64](1...120))
    func sequences(seed: UInt64) {
        var cluster = RandomCluster(seed: seed)
        var random = SeededGenerator(seed: seed &* 31)
        var one = ModelUnderTest()
        var batched = ModelUnderTest()
        var mailed = ModelUnderTest()
        var late = ModelUnderTest(isSynced: false)
        var batch: [ProxyEvent] = []
        var mailbox = Mailbox()
        for _ in 0..<60 {
            let event = cluster.change()
            one.apply(event)
            late.apply(event)
            batch.append(event)
            if let parsed = ParsedEvent(event, one.model.configuration) { mailbox.append(parsed) }
            Self.expectDistinctFrontends(one.servicePorts)
            for (name, port) in one.servicePorts { Self.expectConsistent(port, name) }
            if Int.random(in: 0..<6, using: &random) == 0 {
                batched.apply(batch)
                batch = []
                mailed.apply(parsed: mailbox.take())
                expectSame(one, batched, "in batches, seed \(seed)")
                expectSame(one, mailed, "through the mailbox, seed \(seed)")
                var fresh = ModelUnderTest()
                fresh.apply(cluster.everything())
                expectSame(one, fresh, "afresh, seed \(seed)")
            }
        }
        late.apply(.synced(.service), .synced(.endpointSlice))
        expectSame(one, late, "synced at the end, seed \(seed)")
    }

    @Test("when all is gone nothing is left, in the model either", arguments: [UInt64](200...230))
    func nothingLeft(seed: UInt64) {
        var cluster = RandomCluster(seed: seed)
        var model = ModelUnderTest()
        for _ in 0..<60 { model.apply(cluster.change()) }
        if seed.isMultiple(of: 2) {
            model.apply(.replaceServices([]), .replaceEndpointSlices([]), .replaceNodes([]), .replaceServiceCIDRs([]))
        } else {
            for service in cluster.services.values { model.remove(service) }
            for slice in cluster.slices.values { model.remove(slice) }
            if let node = cluster.node { model.apply(.node(.deleted(node))) }
            for object in cluster.serviceCIDRs.values { model.apply(.serviceCIDR(.deleted(object))) }
        }
        #expect(model.servicePorts.isEmpty)
        #expect(model.node == NodeState())
        #expect(model.healthChecks == HealthChecks())
        #expect(model.model.holders.isEmpty)
        #expect(model.model.contenders.isEmpty)
        #expect(model.model.sliceOwners.isEmpty)
        #expect(model.model.ledger.current.isEmpty)
        #expect(model.model.entries.filter { !$0.isEmpty }.isEmpty)
    }

    private func expectSame(_ left: ModelUnderTest, _ right: ModelUnderTest, _ comment: Comment) {
        #expect(left.servicePorts == right.servicePorts, comment)
        #expect(left.node == right.node, comment)
        #expect(left.healthChecks == right.healthChecks, comment)
        #expect(left.model.ledger.current == right.model.ledger.current, comment)
    }

    private static func expectDistinctFrontends(_ ports: [ServicePortName: ServicePort]) {
        var seen: Set<FrontendKey> = []
        for (name, port) in ports {
            for address in [port.clusterIP].compactMap(\.self) + port.externalAddresses.map(\.address) {
                let key = FrontendKey(address: address, family: name.family, port: port.port, protocol: name.protocol)
                #expect(seen.insert(key).inserted, "\(name) shares \(address)")
            }
            if let nodePort = port.nodePort {
                let key = FrontendKey(address: nil, family: name.family, port: nodePort, protocol: name.protocol)
                #expect(seen.insert(key).inserted, "\(name) shares its NodePort")
            }
        }
    }

    /// What every service port promises to back ends.
    private static func expectConsistent(_ port: ServicePort, _ name: ServicePortName) {
        let usesLocal = port.internalPolicy == .local || port.externalPolicy == .local
        #expect(usesLocal || port.localEndpoints.isEmpty, "\(name)")
        let used = Set(port.endpoints + port.localEndpoints)
        #expect(used.isDisjoint(with: port.retainedEndpoints), "\(name)")
        #expect(!port.localEndpoints.contains { !$0.isLocal }, "\(name)")
        for list in [port.endpoints, port.localEndpoints, port.retainedEndpoints] {
            #expect(list == Set(list).sorted(), "\(name): in order, without duplicates")
        }
        #expect(!port.endpoints.isEmpty || port.localEndpoints.isEmpty, "\(name): local endpoints are endpoints")
        for address in port.externalAddresses {
            #expect(address.address.family == name.family)
            for (index, prefix) in (address.allowedSources ?? []).enumerated() {
                #expect(prefix.family == name.family)
                let others = address.allowedSources?.dropFirst(index + 1) ?? []
                #expect(!others.contains { $0.overlaps(prefix) }, "\(name): \(prefix)")
            }
        }
    }
}
