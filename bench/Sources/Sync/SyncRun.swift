import BenchReport
import ControlPlane
import Dataplane
import KubeAPI
import Logging
import Net
import Netlink
import Proxy
import Storage
import TestSupport

/// The measurements of one size, in the network namespace of the calling thread.
struct SyncRun {
    /// Between two changes that are measured one by one.
    static let pauseMicroseconds = 300

    let services: Int
    let endpoints: Int
    let changes: Int
    let rounds: Int

    func measure() async throws -> SyncResult {
        let store = EmbeddedStore()
        var cluster = SyntheticCluster(services: services, endpoints: endpoints)
        try await cluster.fill(store)
        let first = makeSource()
        let sync = try SyncThread.start(source: first, backend: NFTBackend(Self.configuration))
        first.proxy.connect { sync.wake() }
        let start = MonotonicClock.nanoseconds
        try feed(first.proxy, from: store)
        let full = try first.commit(after: 0)
        let resident = try Memory.megabytes("VmRSS")
        let change = try measureChanges(first, &cluster)
        let burst = try measureBurst(first, sync, &cluster)
        let peak = try Memory.megabytes("VmHWM")
        sync.stop()

        let second = makeSource()
        let secondSync = try SyncThread.start(source: second, backend: NFTBackend(Self.configuration))
        second.proxy.connect { secondSync.wake() }
        let restart = MonotonicClock.nanoseconds
        try feed(second.proxy, from: store)
        let restarted = try second.commit(after: 0).nanoseconds - restart
        secondSync.stop()
        let floor = try measureFloor(store, full.report)
        return SyncResult(
            services: services, endpoints: endpoints, fullMilliseconds: Double(full.nanoseconds - start) / 1e6,
            kernelMilliseconds: Double(full.report.kernelNanoseconds) / 1e6, fullElements: full.report.elements,
            fullBytes: full.report.bytes,
            restartMilliseconds: Double(restarted) / 1e6, changes: changes,
            changeMicroseconds: SyncResult.Latency(nanoseconds: change.nanoseconds),
            changeElements: Double(change.elements) / Double(changes),
            changeBytes: Double(change.bytes) / Double(changes), burstMilliseconds: burst.milliseconds,
            burstCommits: burst.commits, residentMegabytes: resident, peakMegabytes: peak,
            floorMilliseconds: try Spread(of: floor.map(\.floor), "floor"),
            backEndMilliseconds: try Spread(of: floor.map(\.backEnd), "back end"),
            eventMilliseconds: try Spread(of: floor.map(\.event), "event"),
            backEndRatio: try Spread(of: floor.map { $0.backEnd / $0.floor }, "back end"),
            eventRatio: try Spread(of: floor.map { $0.event / $0.floor }, "event"),
            changeKernelMicroseconds: SyncResult.Latency(nanoseconds: change.kernelNanoseconds),
            changeWakeMicroseconds: SyncResult.Latency(nanoseconds: change.wakeNanoseconds),
            changeStartMicroseconds: SyncResult.Latency(nanoseconds: change.startNanoseconds),
            floorRounds: floor.map(\.floor), backEndRounds: floor.map(\.backEnd), eventRounds: floor.map(\.event),
            changeHistogram: Histogram(change.nanoseconds), kernelHistogram: Histogram(change.kernelNanoseconds))
    }

    static let configuration = DataplaneConfiguration(
        detector: .podNetworks, families: [.ipv4, .ipv6])

    func makeSource() -> TimedSource {
        let configuration = ProxyConfiguration(
            nodeName: SyntheticCluster.nodeName, nodeIPs: [IPAddress(v4: 0xC0A8_3201)],
            podNetworks: SyntheticCluster.podCIDRs)
        return TimedSource(
            ServiceProxy(configuration: configuration, logger: Logger(label: "bench")),
            waitSeconds: 60 + services * endpoints / 5_000)
    }

    /// Submits all objects and then that these are all, as the daemon does at its start.
    func feed(_ proxy: ServiceProxy, from store: EmbeddedStore) throws {
        for pair in store.contents().pairs {
            if pair.key.hasPrefix(KubeAPI.Service.resource.storedPrefix) {
                if case .applied(let service) = WireChange<KubeAPI.Service>(pair) {
                    proxy.submit(.service(.added(service)))
                }
            } else if case .applied(let slice) = WireChange<EndpointSlice>(pair) {
                proxy.submit(.endpointSlice(.added(slice)))
            }
        }
        proxy.submit(.synced(.service))
        proxy.submit(.synced(.endpointSlice))
    }

    private struct Changes {
        var nanoseconds: [UInt64] = []
        var kernelNanoseconds: [UInt64] = []
        /// From submitting until the sync thread comes to take the change, and until it has it to commit.
        var wakeNanoseconds: [UInt64] = []
        var startNanoseconds: [UInt64] = []
        var elements = 0
        var bytes = 0
    }

    private func measureChanges(_ source: TimedSource, _ cluster: inout SyntheticCluster) throws -> Changes {
        var result = Changes()
        let warmUp = min(200, changes)
        for number in 0..<warmUp + changes {
            let slice = cluster.changeOneEndpoint()
            let count = source.commits
            let start = MonotonicClock.nanoseconds
            source.proxy.submit(.endpointSlice(.modified(slice)))
            let commit = try source.commit(after: count)
            if number >= warmUp {
                result.nanoseconds.append(commit.nanoseconds - start)
                result.kernelNanoseconds.append(commit.report.kernelNanoseconds)
                guard commit.awokenNanoseconds >= start else {
                    throw BenchmarkError(description: "a commit without the change that was submitted")
                }
                result.wakeNanoseconds.append(commit.awokenNanoseconds - start)
                result.startNanoseconds.append(commit.startedNanoseconds - start)
                result.elements += commit.report.elements
                result.bytes += commit.report.bytes
            }
            sleepThread(until: .now + .microseconds(Self.pauseMicroseconds))
        }
        return result
    }

    private func measureBurst(
        _ source: TimedSource, _ sync: SyncThread, _ cluster: inout SyntheticCluster
    ) throws -> (milliseconds: Double, commits: Int) {
        let slices = (0..<changes).map { _ in cluster.changeOneEndpoint() }
        let before = source.commits
        let start = MonotonicClock.nanoseconds
        for slice in slices { source.proxy.submit(.endpointSlice(.modified(slice))) }
        sync.waitUntilSettled()
        let end = try source.commit(after: before).nanoseconds
        return (Double(end - start) / 1e6, source.commits - before)
    }
}
