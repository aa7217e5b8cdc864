import Dataplane
import KubeAPI
import Netlink
import Storage
import TestSupport

/// The memory of one size, in the network namespace of the calling thread. Nothing of the benchmark's own stays.
struct MemoryRun {
    let sync: SyncRun
    /// Events come from the core's store; without it, each is dropped once it is submitted.
    let hasStore: Bool

    func measure() async throws -> MemoryResult {
        let baseline = try Memory.megabytes("VmRSS")
        var cluster = SyntheticCluster(services: sync.services, endpoints: sync.endpoints)
        let store = EmbeddedStore()
        if hasStore { try await cluster.fill(store, keepsSlices: false) }
        let filled = try Memory.megabytes("VmRSS")
        let source = sync.makeSource()
        let thread = try SyncThread.start(source: source, backend: NFTBackend(SyncRun.configuration))
        defer { thread.stop() }
        source.proxy.connect { thread.wake() }
        if hasStore {
            try sync.feed(source.proxy, from: store)
        } else {
            for number in 0..<sync.services {
                let (service, slice) = cluster.makeObjects(number)
                source.proxy.submit(.service(.added(service)))
                source.proxy.submit(.endpointSlice(.added(slice)))
            }
            source.proxy.submit(.synced(.service))
            source.proxy.submit(.synced(.endpointSlice))
        }
        let commit = try source.commit(after: 0)
        let resident = try Memory.megabytes("VmRSS")
        return withExtendedLifetime(store) {
            MemoryResult(
                services: sync.services, endpoints: sync.endpoints, hasStore: hasStore,
                elements: commit.report.elements, baselineMegabytes: baseline,
                storeMegabytes: hasStore ? filled - baseline : nil, proxyMegabytes: resident - filled,
                residentMegabytes: resident)
        }
    }
}

/// What one size takes, as `sync --memory --json` prints it.
struct MemoryResult: Codable {
    let services: Int
    let endpoints: Int
    let hasStore: Bool
    /// That were written.
    let elements: Int
    /// Of the process before anything.
    let baselineMegabytes: Double
    /// What the core's store took; nil without one.
    let storeMegabytes: Double?
    /// What the proxy and the data plane took beside it.
    let proxyMegabytes: Double
    let residentMegabytes: Double

    static let header = columns("services", "core's store", "baseline MB", "store MB", "proxy MB", "RSS MB")

    var row: String {
        func text(_ number: Double) -> String { Output.text(number, decimals: 1) }
        return Self.columns(
            "\(services) × \(endpoints)", hasStore ? "with" : "without", text(baselineMegabytes),
            storeMegabytes.map(text) ?? "-", text(proxyMegabytes), text(residentMegabytes))
    }

    private static func columns(_ texts: String...) -> String {
        texts.map { String(repeating: " ", count: max(13 - $0.count, 0)) + $0 }.joined(separator: " ")
    }
}
