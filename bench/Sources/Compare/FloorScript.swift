import BenchReport
import Dataplane
import KubeAPI
import Logging
import Net
import Netlink
import Proxy
import TestSupport

/// All that Fairlead sends in one pass over the benchmark's objects, encoded before any clock starts.
struct FloorScript: Sendable {
    struct Guest: Sendable {
        /// Its Service, and then the slice with which it is answered.
        let service: EncodedTransaction
        let slice: EncodedTransaction
        let deletion: EncodedTransaction
    }

    let full: EncodedTransaction
    private(set) var changes: [EncodedTransaction] = []
    /// Each leads the sentinel to the other pod.
    private(set) var flips: [EncodedTransaction] = []
    private(set) var guests: [Guest] = []
    /// The last is a flip.
    private(set) var burst: [EncodedTransaction] = []
    /// Over the table of before, with a flip.
    let takeover: EncodedTransaction

    /// In the order in which they are sent.
    init(_ run: CompareRun) throws {
        let (encoder, objects, plan) = (try FloorEncoder(run), run.objects, run.plan)
        full = try encoder.encode()
        var live = 0
        func flip() throws {
            live = 1 - live
            try encoder.submit(slice: objects.liveSlice(CompareObjects.sentinel, live, family: 0))
        }
        if run.scenarios.contains(.endpointChange) {
            for version in 1...plan.changes + plan.changes / 10 {
                let number = version * 7919 % objects.size.services
                try encoder.submit(slice: objects.slice(number, family: 0, version: version))
                changes.append(try encoder.encode())
            }
            for _ in 0..<plan.flips {
                try flip()
                flips.append(try encoder.encode())
            }
        }
        if run.scenarios.contains(.serviceAddDelete) {
            for _ in 0..<plan.guests {
                try encoder.submit(service: objects.guestService)
                let service = try encoder.encode()
                try encoder.submit(slice: objects.liveSlice(CompareObjects.guest, 0, family: 0))
                let slice = try encoder.encode()
                encoder.remove(.service, CompareObjects.guest)
                let deletion = try encoder.encode()
                encoder.remove(.endpointSlice, objects.sliceName(CompareObjects.guest, family: 0))
                guests.append(Guest(service: service, slice: slice, deletion: deletion))
            }
        }
        if run.scenarios.contains(.burst) {
            for version in 1...CompareRun.burstSlice {
                for number in 0..<run.burstSlices {
                    try encoder.submit(slice: run.burstSlice(number, version: version))
                    burst.append(try encoder.encode())
                }
            }
            try flip()
            burst.append(try encoder.encode())
        }
        try flip()
        takeover = try encoder.encodeTakeover()
    }
}

/// Fairlead's model and back end, in a network namespace of their own, of which the transactions are kept.
private final class FloorEncoder {
    private let proxy: ServiceProxy
    private let configuration: DataplaneConfiguration
    private let namespace: NetworkNamespace
    private var backend: NFTBackend
    private var desired = DesiredState()

    /// With all objects as they were written first.
    init(_ run: CompareRun) throws {
        let objects = run.objects
        let families = objects.size.families
        var podNetworks = try CompareObjects.clusterCIDRs.map { try IPPrefix($0) }
        if families != .dual { podNetworks = [podNetworks[families == .ipv4 ? 0 : 1]] }
        proxy = ServiceProxy(
            configuration: ProxyConfiguration(
                nodeName: CompareObjects.nodeName, nodeIPs: PathLab.nodeAddresses.both, podNetworks: podNetworks),
            logger: Logger(label: "bench"))
        configuration = DataplaneConfiguration(detector: .podNetworks)
        namespace = try LabNamespace.create(forwards: false)
        backend = try namespace.run { [configuration] in try NFTBackend(configuration) }
        let held = try run.server.namespace.run {
            var socket = try RouteSocket()
            return try socket.addresses()
        }
        proxy.localAddressesChanged(
            held.filter { !$0.isTentative }.map {
                LocalAddress(
                    address: $0.address, prefixLength: $0.prefixLength, interfaceIndex: Int($0.linkIndex),
                    hasDefaultRoute: false)
            })
        for number in 0..<objects.size.services {
            try submit(service: objects.service(number))
            for family in 0..<objects.slicesPerService {
                try submit(slice: objects.slice(number, family: family))
            }
        }
        try submit(service: objects.sentinelService)
        try submit(service: objects.dataPathService)
        for family in 0..<objects.slicesPerService {
            try submit(slice: objects.liveSlice(CompareObjects.sentinel, 0, family: family))
            try submit(slice: objects.dataPathSlice(family: family))
        }
        if run.scenarios.contains(.burst) {
            try submit(service: run.burstServiceObject)
            for number in 0..<run.burstSlices { try submit(slice: run.burstSlice(number, version: 0)) }
        }
        proxy.submit(.synced(.service))
        proxy.submit(.synced(.endpointSlice))
    }

    func submit(service: JSONValue) throws { proxy.submit(.service(.modified(try object(service)))) }
    func submit(slice: JSONValue) throws { proxy.submit(.endpointSlice(.modified(try object(slice)))) }

    func remove(_ kind: ProxyEvent.Kind, _ name: String) {
        proxy.submit(.gone(kind, ObjectName(namespace: CompareObjects.namespace, name: name)))
    }

    private func object<Object: WireObject>(_ json: JSONValue) throws -> Object {
        var json = json
        json["metadata"]?["namespace"] = .string(CompareObjects.namespace)
        return try Object.read(json.json.span).get()
    }

    /// The transaction for what was submitted since the last.
    ///
    /// - Throws: `BenchmarkError` also when it is not the one that the back end sends.
    func encode() throws -> EncodedTransaction {
        let dirty = try takeChanges()
        return try encode(dirty, &backend)
    }

    /// That of a back end that is new, over the table of the one before.
    func encodeTakeover() throws -> EncodedTransaction {
        _ = try takeChanges()
        var second = try namespace.run { [configuration] in try NFTBackend(configuration) }
        return try encode(.everything, &second)
    }

    private func takeChanges() throws -> Dirty {
        guard let changes = proxy.takeChanges(), !changes.isEmpty else {
            throw BenchmarkError(description: "kernel's floor: an event changes nothing in the kernel")
        }
        for (name, port) in changes.servicePorts { desired.servicePorts[name] = port }
        if let node = changes.node { desired.node = node }
        return Dirty(servicePorts: Set(changes.servicePorts.keys), node: changes.node != nil)
    }

    private func encode(_ dirty: Dirty, _ backend: inout NFTBackend) throws -> EncodedTransaction {
        var sink = NFTBatchSink()
        backend.encode(dirty, desired: desired, into: &sink)
        let (bytes, elements) = (sink.batch.byteCount, sink.batch.elementCount)
        let report = try backend.commit(dirty, desired: desired)
        guard bytes == report.bytes, elements == report.elements, bytes > 0 else {
            throw BenchmarkError(
                description:
                    "kernel's floor: a transaction of \(elements) elements in \(bytes) bytes was encoded, and one of "
                    + "\(report.elements) in \(report.bytes) is what Fairlead sends")
        }
        proxy.committed(report)
        return EncodedTransaction(sink)
    }
}
