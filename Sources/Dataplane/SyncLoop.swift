import Net
import Netlink

private enum Token {
    static let wakeUp: UInt64 = 0
    static let addresses: UInt64 = 1
    static let othersNews: UInt64 = 2
}

/// What runs on the sync thread: one poller over the wake-up descriptor and the address monitor.
struct SyncLoop<Backend: DataplaneBackend & ~Copyable & Sendable>: ~Copyable, Sendable {
    private let sync: SyncThread
    private let source: any ChangeSource
    private var reconciler: Reconciler<Backend>
    private var poller: Poller
    private var addresses: LocalAddressMonitor
    private var gate: CommitGate
    private var watch: KernelWatch
    private var record = SyncRecord(startNanoseconds: MonotonicClock.nanoseconds)
    /// Committed since the heap was last trimmed.
    private var bytesSinceTrim = 0

    /// So much makes it worth while.
    private static var trimBytes: Int { 1 << 20 }

    init(
        sync: SyncThread, source: any ChangeSource, backend: consuming Backend, flows: FlowKeeper?,
        verifyIntervalSeconds: Int, timing: SyncTiming
    ) throws {
        let addresses = try LocalAddressMonitor()
        var poller = try Poller()
        try poller.add(sync.wakeUp, token: Token.wakeUp)
        try poller.add(addresses, token: Token.addresses)
        if let descriptor = backend.newsDescriptor {
            try poller.add(rawDescriptor: descriptor, token: Token.othersNews)
        }
        self.sync = sync
        self.source = source
        self.addresses = addresses
        self.poller = poller
        gate = CommitGate(timing)
        reconciler = Reconciler(backend, flows: flows, maximumRetryMilliseconds: timing.syncPeriodMilliseconds)
        watch = KernelWatch(intervalSeconds: verifyIntervalSeconds)
    }

    consuming func run() {
        reportAddresses()
        var waiting: [CheckedContinuation<Void, Never>] = []
        var mayWrite = false
        while !sync.isStopping {
            waiting += sync.takeWaiters()
            watch.heal(&reconciler) { repair in
                record.add(repair, nanoseconds: MonotonicClock.nanoseconds)
                source.repaired(repair)
            }
            if let changes = source.takeChanges() {
                mayWrite = true
                reconciler.accept(changes)
            }
            retryRefused()
            if mayWrite, reconciler.hasWork, gate.isOpen(at: MonotonicClock.nanoseconds) { commit() }
            if mayWrite, !reconciler.hasWork {
                for waiter in waiting { waiter.resume() }
                waiting = []
                watch.verify(&reconciler, sync)
            }
            answerReaders(isSynced: mayWrite)
            wait()
        }
        for waiter in waiting { waiter.resume() }
        watch.end()
        sync.ended()
    }

    private mutating func retryRefused() {
        guard let time = reconciler.refusedRetryNanoseconds, time <= MonotonicClock.nanoseconds else { return }
        reconciler.retryRefused()
    }

    private mutating func commit() {
        do {
            let report = try reconciler.commit { failure in
                record.add(failure, nanoseconds: MonotonicClock.nanoseconds)
                source.commitFailed(failure)
            }
            gate.committed(at: MonotonicClock.nanoseconds)
            record.add(report, nanoseconds: MonotonicClock.nanoseconds)
            source.committed(report)
            trimMemory(after: report)
            if let repair = reconciler.takeRepair(report) {
                record.add(repair, nanoseconds: MonotonicClock.nanoseconds)
                source.repaired(repair)
            }
        } catch {
            gate.refused(at: MonotonicClock.nanoseconds, retryMilliseconds: error.retryMilliseconds)
            record.add(error, nanoseconds: MonotonicClock.nanoseconds)
            source.commitFailed(error)
        }
    }

    /// What large changes were made of is free now, and would stay with the process; so would the code that a start takes.
    private mutating func trimMemory(after report: CommitReport) {
        bytesSinceTrim += report.bytes
        guard bytesSinceTrim >= Self.trimBytes else { return }
        bytesSinceTrim = 0
        Heap.trim()
        ProgramText.release()
    }

    private func answerReaders(isSynced: Bool) {
        let readers = sync.takeReaders()
        if readers.isEmpty { return }
        var snapshot = reconciler.snapshot
        snapshot.isSynced = isSynced
        snapshot.record = record
        for reader in readers { reader(snapshot) }
    }

    private mutating func wait() {
        let commit = reconciler.hasWork ? gate.opensAtNanoseconds : nil
        let look = watch.deadlineNanoseconds(hasWork: reconciler.hasWork)
        let deadlines = [commit, reconciler.refusedRetryNanoseconds, look]
        let timeout = deadlines.compactMap { $0 }.min().map { deadline in
            let now = MonotonicClock.nanoseconds
            return deadline > now ? Int((deadline - now + 999_999) / 1_000_000) : 0
        }
        guard let ready = try? poller.wait(timeoutMilliseconds: timeout) else { return }
        if ready.contains(Token.wakeUp) { sync.wakeUp.drain() }
        if ready.contains(Token.addresses), addresses.hasChanged() { reportAddresses() }
    }

    /// A failure here leaves the addresses that are known; the next change of the kernel's tries again.
    private mutating func reportAddresses() {
        if let current = try? addresses.current() { source.localAddressesChanged(current) }
    }
}
