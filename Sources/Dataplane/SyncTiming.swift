/// When the sync thread commits, where that is not at once.
package struct SyncTiming: Hashable, Sendable {
    /// From the end of a commit, or of an attempt, to the next one (kube-proxy's `minSyncPeriod`); 0 for no pause. What
    /// arrives meanwhile is one commit.
    package var minSyncPeriodMilliseconds: Int
    /// The longest pause between an attempt that the kernel refused and the next (kube-proxy's `syncPeriod`).
    package var syncPeriodMilliseconds: Int

    package init(minSyncPeriodMilliseconds: Int = 0, syncPeriodMilliseconds: Int = 30_000) {
        self.minSyncPeriodMilliseconds = max(0, minSyncPeriodMilliseconds)
        self.syncPeriodMilliseconds = max(1, syncPeriodMilliseconds)
    }
}
