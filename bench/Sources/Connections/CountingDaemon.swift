import BenchReport
import Dataplane
import Net
import Netlink
import Synchronization
import TestSupport

/// A sync thread and a flow keeper that counts traffic, as the daemon has them; both end with this.
final class CountingDaemon: ChangeSource {
    private struct State {
        var changes: DesiredChanges?
        var isCommitted = false
        var failure: String?
    }

    private let state: Mutex<State>
    private let keeper: FlowKeeper
    private let sync = Mutex<SyncThread?>(nil)

    /// Starts to count in the network namespace of the calling thread.
    init(_ configuration: DataplaneConfiguration, desired: DesiredState) throws {
        let ports = desired.servicePorts.mapValues { Optional($0) }
        state = Mutex(State(changes: DesiredChanges(servicePorts: ports, node: desired.node)))
        let settings = ConntrackSettings(invalidPackets: configuration.invalidPackets, counting: .servicePorts)
        if let failure = settings.apply().first { throw failure }
        keeper = try FlowKeeper.start(configuration, counting: .servicePorts)
    }

    /// Writes what is desired and waits for it. In the same network namespace; `stop()` must follow.
    func start(_ configuration: DataplaneConfiguration) throws {
        let thread = try SyncThread.start(
            source: self, backend: NFTBackend(configuration), flows: keeper, verifyIntervalSeconds: 0)
        sync.withLock { $0 = thread }
        thread.wake()
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let now = state.withLock { ($0.isCommitted, $0.failure) }
            if let failure = now.1 { throw BenchmarkError(description: failure) }
            if now.0 { return }
            if ContinuousClock.now > deadline { throw BenchmarkError(description: "no commit in 60 s") }
            sleepThread(until: .now + .milliseconds(1))
        }
    }

    /// Ends both threads.
    func stop() {
        sync.withLock { $0.take() }?.stop()
        keeper.stop()
    }

    func takeChanges() -> DesiredChanges? {
        state.withLock { state in
            defer { state.changes = DesiredChanges() }
            return state.changes
        }
    }
    func localAddressesChanged(_ addresses: [LocalAddress]) {}
    func committed(_ report: CommitReport) { state.withLock { $0.isCommitted = true } }
    func commitFailed(_ failure: CommitFailure) { state.withLock { $0.failure = failure.description } }
}
