import Dataplane
import Net
import Netlink
import Synchronization
import TestSupport

/// A sync thread with the nftables back end in a network namespace, that is told service ports and tells what came of
/// them.
final class DataplaneUnderTest: ChangeSource {
    struct Record {
        var reports: [CommitReport] = []
        var failures: [CommitFailure] = []
        var repairs: [RepairReport] = []
    }

    let namespace: NetworkNamespace
    private let pending = Mutex(DesiredChanges())
    private let recorded = Mutex(Record())
    private let thread = Mutex<SyncThread?>(nil)

    init(
        in namespace: NetworkNamespace, _ configuration: DataplaneConfiguration,
        receiveBufferByteCount: Int? = nil
    ) throws {
        self.namespace = namespace
        let sync = try namespace.run {
            try SyncThread.start(
                source: self, backend: NFTBackend(configuration, newsBufferByteCount: receiveBufferByteCount),
                verifyIntervalSeconds: 0)
        }
        thread.withLock { $0 = sync }
    }

    /// Ends the thread, which holds this object until then.
    func stop() { thread.withLock { $0 }?.stop() }

    var record: Record { recorded.withLock { $0 } }

    /// Hands changes over, and waits until the kernel has them, or has refused them.
    func apply(_ changes: DesiredChanges) async {
        pending.withLock { pending in
            pending.servicePorts.merge(changes.servicePorts) { $1 }
            pending.node = changes.node ?? pending.node
        }
        await thread.withLock { $0 }?.settled()
    }

    func verify() async -> VerificationReport {
        await thread.withLock { $0 }?.verify() ?? VerificationReport()
    }

    // MARK: ChangeSource

    func takeChanges() -> DesiredChanges? {
        pending.withLock { pending in
            defer { pending = DesiredChanges() }
            return pending
        }
    }

    func localAddressesChanged(_ addresses: [LocalAddress]) {}
    func committed(_ report: CommitReport) { recorded.withLock { $0.reports.append(report) } }
    func commitFailed(_ failure: CommitFailure) { recorded.withLock { $0.failures.append(failure) } }
    func repaired(_ report: RepairReport) { recorded.withLock { $0.repairs.append(report) } }
}
