import Dataplane
import KubeAPI
import Net

/// What waits for the kernel's acknowledgement, since when, and when there was nothing.
struct SyncProgress: Sendable {
    /// The arrival of the first event that is not acknowledged.
    private var oldest: ContinuousClock.Instant?
    private var waitingSince = FamilyPair<ContinuousClock.Instant?> { _ in nil }
    private var lastUpdated: FamilyPair<Timestamp>

    /// - Parameter start: counts as an update, in case there never is one.
    init(start: Timestamp) { lastUpdated = FamilyPair { _ in start } }

    /// The sync thread has taken events that came from `since` on, and they led to `changes`; nil while not everything there
    /// is has been heard of, which is nothing to wait for.
    ///
    /// - Returns: whether anything waits for the kernel.
    mutating func taken(_ changes: DesiredChanges?, since: ContinuousClock.Instant?) -> Bool {
        guard let changes else {
            oldest = oldest ?? since
            return oldest != nil
        }
        if changes.isEmpty { return isWaiting }
        let since = since ?? .now
        oldest = oldest ?? since
        for family in changes.families { waitingSince[family] = waitingSince[family] ?? since }
        return true
    }

    private var isWaiting: Bool { waitingSince.ipv4 != nil || waitingSince.ipv6 != nil }

    /// All that was taken is in the kernel.
    ///
    /// - Returns: when the first event came that was not until now.
    mutating func settled(at time: Timestamp) -> ContinuousClock.Instant? {
        defer { oldest = nil }
        waitingSince = FamilyPair { _ in nil }
        lastUpdated = FamilyPair { _ in time }
        return oldest
    }

    /// - Parameters:
    ///   - unread: since when events have waited for the sync thread, of whatever family they are.
    ///   - timeout: how long a change may wait.
    func health(
        of family: IPFamily, unread: ContinuousClock.Instant?, now: ContinuousClock.Instant, timeout: Duration
    ) -> ProxyHealth.Family {
        let since = [waitingSince[family], unread].compactMap(\.self).min()
        return ProxyHealth.Family(
            lastUpdated: lastUpdated[family], isHealthy: since.map { $0.duration(to: now) < timeout } ?? true)
    }
}

extension DesiredChanges {
    fileprivate var families: Set<IPFamily> {
        if node != nil { return Set(IPFamily.allCases) }
        var families: Set<IPFamily> = []
        for name in servicePorts.keys where families.count < IPFamily.allCases.count { families.insert(name.family) }
        return families
    }
}
