import BenchReport
import Dataplane
import KubeAPI
import Net
import Netlink
import Proxy
import TestSupport

/// Counts of the work of one sync after the other, on one thread, in the network namespace of the calling thread.
struct ThresholdRun {
    private static let services = 1_000
    private static let endpoints = 10
    private static let changesOfAKind = 100
    private let sync = SyncRun(
        services: Self.services, endpoints: Self.endpoints, changes: Self.changesOfAKind, rounds: 1)

    /// What is there is deterministic: objects and their changes come from a seed.
    func counts() throws -> [ThresholdTable.Entry] {
        var cluster = SyntheticCluster(services: Self.services, endpoints: Self.endpoints)
        let objects = (0..<Self.services).map { _ in cluster.addService() }
        let proxy = sync.makeSource().proxy
        proxy.localAddressesChanged([])
        var backend = try NFTBackend(SyncRun.configuration)
        var desired = DesiredState()
        var full: CommitReport?
        let fullAllocations = try AllocationTrace.count {
            for (service, slice) in objects {
                proxy.submit(.service(.added(service)))
                proxy.submit(.endpointSlice(.added(slice)))
            }
            proxy.submit(.synced(.service))
            proxy.submit(.synced(.endpointSlice))
            full = try commit(proxy, &backend, &desired, everything: true)
        }
        guard let full, full.isFull else { throw BenchmarkError(description: "no full sync") }
        var sink = NFTBatchSink()
        sink.encodeTables(for: desired, SyncRun.configuration)
        let messages = sink.batch.messageCount
        var entries = [
            entry("full-sync.messages", messages), entry("full-sync.elements", full.elements),
            entry("full-sync.bytes", full.bytes), entry("full-sync.allocations", fullAllocations),
        ]
        for kind in SyntheticCluster.Change.allCases {
            entries += try count(kind, &cluster, proxy, &backend, &desired)
        }
        return entries
    }

    /// Of so many changes of one kind, one after the other.
    private func count(
        _ kind: SyntheticCluster.Change, _ cluster: inout SyntheticCluster, _ proxy: ServiceProxy,
        _ backend: inout NFTBackend, _ desired: inout DesiredState
    ) throws -> [ThresholdTable.Entry] {
        let slices = (0..<Self.changesOfAKind).map { cluster.change(kind, of: $0 * 7 % Self.services) }
        var (elements, bytes) = (0, 0)
        let allocations = try AllocationTrace.count {
            for slice in slices {
                proxy.submit(.endpointSlice(.modified(slice)))
                let report = try commit(proxy, &backend, &desired, everything: false)
                elements += report.elements
                bytes += report.bytes
            }
        }
        let name = "\(kind.rawValue)-endpoint"
        return [
            entry("\(name).elements", elements), entry("\(name).bytes", bytes),
            entry("\(name).allocations", allocations),
        ]
    }

    private func commit(
        _ proxy: ServiceProxy, _ backend: inout NFTBackend, _ desired: inout DesiredState, everything: Bool
    ) throws -> CommitReport {
        guard let changes = proxy.takeChanges(), !changes.isEmpty else {
            throw BenchmarkError(description: "the proxy has no change to commit")
        }
        for (name, port) in changes.servicePorts { desired.servicePorts[name] = port }
        if let node = changes.node { desired.node = node }
        let dirty =
            everything ? .everything : Dirty(servicePorts: Set(changes.servicePorts.keys), node: changes.node != nil)
        let report = try backend.commit(dirty, desired: desired)
        proxy.committed(report)
        return report
    }

    private func entry(_ name: String, _ count: Int) -> ThresholdTable.Entry {
        ThresholdTable.Entry(name: name, bound: count)
    }
}
