import Net
import Netlink
import Synchronization

/// The thread that owns the back end: takes changes from the source, commits them, and tells the source.
///
/// What arrives during a commit is the next batch, so there is no timer between an event and the kernel. Works in the
/// network namespace of the thread that started it.
package final class SyncThread: Sendable {
    private struct Shared {
        var isStopping = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var verifiers: [CheckedContinuation<VerificationReport, Never>] = []
        /// Who wants to know what the thread has.
        var readers: [@Sendable (SyncSnapshot?) -> Void] = []
        /// Set once the thread has ended: nobody will be resumed any more.
        var hasEnded = false
    }

    let wakeUp: EventFD
    private let shared = Mutex(Shared())
    private let thread: Mutex<NamedThread?> = Mutex(nil)

    private init() throws(SystemError) { wakeUp = try EventFD() }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - source: where desired state comes from; held until `stop()`.
    ///   - backend: made on the calling thread, so that its errors reach the caller.
    ///   - flows: told of each commit; its own thread goes on after `stop()`.
    ///   - verifyIntervalSeconds: how often all that is in the kernel is compared with what should be there; 0 for never.
    ///   - timing: when it may commit again.
    /// - Throws: `NetlinkError` or `SystemError` when a socket, a descriptor or the thread cannot be made.
    package static func start<Backend: DataplaneBackend & ~Copyable & Sendable>(
        source: any ChangeSource, backend: consuming Backend, flows: FlowKeeper? = nil,
        verifyIntervalSeconds: Int = DataplaneConfiguration().verifyIntervalSeconds, timing: SyncTiming = SyncTiming()
    ) throws -> SyncThread {
        let sync = try SyncThread()
        let loop = Handover(
            try SyncLoop(
                sync: sync, source: source, backend: backend, flows: flows,
                verifyIntervalSeconds: verifyIntervalSeconds, timing: timing))
        try sync.thread.withLock { $0 = try NamedThread(name: "fairlead-sync") { loop.take()?.run() } }
        return sync
    }

    /// Says that the source has changes. May be called from any thread; never blocks.
    package func wake() { wakeUp.signal() }

    /// Ends the thread after the commit that is under way, and waits for it. The kernel's rules stay.
    package func stop() {
        shared.withLock { $0.isStopping = true }
        wake()
        thread.withLock { $0.take() }?.join()
    }

    /// Returns when everything that the source held at the time of the call is in the kernel, or the thread ended.
    package func settled() async {
        await withCheckedContinuation { continuation in
            let isLate = shared.withLock { shared in
                if !shared.hasEnded { shared.waiters.append(continuation) }
                return shared.hasEnded
            }
            if isLate { continuation.resume() }
            wake()
        }
    }

    /// Compares all that is in the kernel with what should be there, and returns what it found once that is repaired; an
    /// empty report when the thread ended.
    package func verify() async -> VerificationReport {
        await withCheckedContinuation { continuation in
            let isLate = shared.withLock { shared in
                if !shared.hasEnded { shared.verifiers.append(continuation) }
                return shared.hasEnded
            }
            if isLate { continuation.resume(returning: VerificationReport()) }
            wake()
        }
    }

    func takeVerifiers() -> [CheckedContinuation<VerificationReport, Never>] {
        shared.withLock { shared in
            defer { shared.verifiers = [] }
            return shared.verifiers
        }
    }

    /// Hands what the thread has to `reader`, on the sync thread, between two commits; nil when the thread has ended. May be
    /// called from any thread; never blocks. `reader` must not take long.
    package func read(_ reader: @escaping @Sendable (SyncSnapshot?) -> Void) {
        let isLate = shared.withLock { shared in
            if !shared.hasEnded { shared.readers.append(reader) }
            return shared.hasEnded
        }
        if isLate { reader(nil) }
        wake()
    }

    func takeReaders() -> [@Sendable (SyncSnapshot?) -> Void] {
        shared.withLock { shared in
            defer { shared.readers = [] }
            return shared.readers
        }
    }

    var isStopping: Bool { shared.withLock { $0.isStopping } }
    func takeWaiters() -> [CheckedContinuation<Void, Never>] {
        shared.withLock { shared in
            defer { shared.waiters = [] }
            return shared.waiters
        }
    }

    func ended() {
        shared.withLock { $0.hasEnded = true }
        for waiter in takeWaiters() { waiter.resume() }
        for verifier in takeVerifiers() { verifier.resume(returning: VerificationReport()) }
        for reader in takeReaders() { reader(nil) }
    }
}
