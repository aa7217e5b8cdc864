import Dataplane
import Net
import Netlink
import Synchronization

/// The data plane in a network namespace, told directly what is desired.
final class ModelUnderTest: Sendable {
    private final class Source: ChangeSource {
        let pending = Mutex(DesiredChanges())
        let failures = Mutex<[String]>([])

        func takeChanges() -> DesiredChanges? {
            pending.withLock { pending in
                defer { pending = DesiredChanges() }
                return pending
            }
        }

        func localAddressesChanged(_ addresses: [LocalAddress]) {}
        func committed(_ report: CommitReport) {}
        func commitFailed(_ failure: CommitFailure) { failures.withLock { $0.append(failure.description) } }
    }

    private let source = Source()
    private let sync: SyncThread
    let flows: FlowKeeper

    init(
        in namespace: NetworkNamespace,
        _ configuration: DataplaneConfiguration = DataplaneConfiguration(detector: .podNetworks)
    ) throws {
        let source = source
        (sync, flows) = try namespace.run {
            let flows = try FlowKeeper.start(configuration) { failure in
                source.failures.withLock { $0.append(failure.description) }
            }
            return (try SyncThread.start(source: source, backend: NFTBackend(configuration), flows: flows), flows)
        }
    }

    /// What the kernel refused.
    var failures: [String] { source.failures.withLock { $0 } }

    /// Sets it, and waits until the kernel has it.
    func apply(_ changes: DesiredChanges) async {
        source.pending.withLock { pending in
            pending.servicePorts.merge(changes.servicePorts) { $1 }
            pending.node = changes.node ?? pending.node
        }
        await sync.settled()
    }

    func stop() {
        sync.stop()
        flows.stop()
    }
}
