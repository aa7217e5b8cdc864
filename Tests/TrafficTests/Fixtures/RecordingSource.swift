import Dataplane
import Logging
import Netlink
import Proxy
import Synchronization

/// A proxy between its sync thread and the test, which sees what the kernel refused and what was committed.
final class RecordingSource: ChangeSource {
    private let proxy: ServiceProxy
    private let recorded = Mutex<(failures: [String], reports: [CommitReport], repairs: [RepairReport])>(
        ([], [], []))

    init(_ proxy: ServiceProxy) { self.proxy = proxy }

    /// What the kernel refused, in words.
    var failures: [String] { recorded.withLock { $0.failures } }
    var reports: [CommitReport] { recorded.withLock { $0.reports } }

    var repairs: [RepairReport] { recorded.withLock { $0.repairs } }

    func takeChanges() -> DesiredChanges? { proxy.takeChanges() }
    func localAddressesChanged(_ addresses: [LocalAddress]) { proxy.localAddressesChanged(addresses) }

    func committed(_ report: CommitReport) {
        recorded.withLock { $0.reports.append(report) }
        proxy.committed(report)
    }

    func commitFailed(_ failure: CommitFailure) {
        recorded.withLock { $0.failures.append(failure.description) }
        proxy.commitFailed(failure)
    }

    func conntrackFailed(_ failure: NetlinkError) {
        recorded.withLock { $0.failures.append(failure.description) }
    }

    func repaired(_ report: RepairReport) {
        recorded.withLock { $0.repairs.append(report) }
        proxy.repaired(report)
    }
}
