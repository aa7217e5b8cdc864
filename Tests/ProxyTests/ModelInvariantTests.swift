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
        var batch: [ProxyEvent] = []
        var mailbox = Mailbox()
        for _ in 0..<60 {
            let event = cluster.change()
            one.apply(event)
            batch.append(event)
            mailbox.append(event)
            Self.expectDistinctFrontends(one.servicePorts)
            if Int.random(in: 0..<6, using: &random) == 0 {
                batched.apply(batch)
                batch = []
                mailed.apply(mailbox.take())
                expectSame(one, batched, "in batches, seed \(seed)")
                expectSame(one, mailed, "through the mailbox, seed \(seed)")
                var fresh = ModelUnderTest()
                fresh.apply(cluster.everything())
                expectSame(one, fresh, "afresh, seed \(seed)")
            }
        }
    }

    @Test("when all is gone nothing is left, in the model either", arguments: [UInt64](200...230))
    func nothingLeft(seed: UInt64) {
        var cluster = RandomCluster(seed: seed)
        var model = ModelUnderTest()
        for _ in 0..<60 { model.apply(cluster.change()) }
        if seed.isMultiple(of: 2) {
            model.apply(.replaceServices([]), .replaceEndpointSlices([]), .replaceNodes([]))
        } else {
            for service in cluster.services.values { model.remove(service) }
            for slice in cluster.slices.values { model.remove(slice) }
            if let node = cluster.node { model.apply(.node(.deleted(node))) }
        }
        #expect(model.servicePorts.isEmpty)
        #expect(model.nodePortAddresses == [])
        #expect(model.model.holders.isEmpty)
        #expect(model.model.contenders.isEmpty)
        #expect(model.model.sliceOwners.isEmpty)
        #expect(model.model.ledger.current.isEmpty)
        #expect(model.model.entries.filter { !$0.isEmpty }.isEmpty)
    }

    private func expectSame(_ left: ModelUnderTest, _ right: ModelUnderTest, _ comment: Comment) {
        #expect(left.servicePorts == right.servicePorts, comment)
        #expect(left.nodePortAddresses == right.nodePortAddresses, comment)
        #expect(Set(left.model.ledger.current.keys) == Set(right.model.ledger.current.keys), comment)
    }

    private static func expectDistinctFrontends(_ ports: [ServicePortName: ServicePort]) {
        var seen: Set<FrontendKey> = []
        for (name, port) in ports {
            if let clusterIP = port.clusterIP {
                let key = FrontendKey(
                    address: clusterIP, family: name.family, port: port.port, protocol: name.protocol)
                #expect(seen.insert(key).inserted, "\(name) shares its ClusterIP")
            }
            if let nodePort = port.nodePort {
                let key = FrontendKey(address: nil, family: name.family, port: nodePort, protocol: name.protocol)
                #expect(seen.insert(key).inserted, "\(name) shares its NodePort")
            }
        }
    }
}
