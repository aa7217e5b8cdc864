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
    /// Commits are held until then: the kernel refused, and trying at once again would not help.
    private var retryAtNanoseconds: UInt64?
    private var watch: KernelWatch

    init(
        sync: SyncThread, source: any ChangeSource, backend: consuming Backend, flows: FlowKeeper?,
        verifyIntervalSeconds: Int
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
        reconciler = Reconciler(backend, flows: flows)
        watch = KernelWatch(intervalSeconds: verifyIntervalSeconds)
    }

    consuming func run() {
        reportAddresses()
        var waiting: [CheckedContinuation<Void, Never>] = []
        var mayWrite = false
        while !sync.isStopping {
            waiting += sync.takeWaiters()
            watch.heal(&reconciler) { source.repaired($0) }
            if let changes = source.takeChanges() {
                mayWrite = true
                reconciler.accept(changes)
            }
            retryRefused()
            if mayWrite, reconciler.hasWork, isDue { commit() }
            if mayWrite, !reconciler.hasWork {
                for waiter in waiting { waiter.resume() }
                waiting = []
                watch.verify(&reconciler, sync)
            }
            wait()
        }
        for waiter in waiting { waiter.resume() }
        sync.ended()
    }

    private var isDue: Bool { retryAtNanoseconds.map { $0 <= MonotonicClock.nanoseconds } ?? true }

    private mutating func retryRefused() {
        guard let time = reconciler.refusedRetryNanoseconds, time <= MonotonicClock.nanoseconds else { return }
        reconciler.retryRefused()
    }

    private mutating func commit() {
        do {
            let report = try reconciler.commit { source.commitFailed($0) }
            retryAtNanoseconds = nil
            source.committed(report)
            if let repair = reconciler.takeRepair(report) { source.repaired(repair) }
        } catch {
            retryAtNanoseconds = MonotonicClock.nanoseconds + UInt64(error.retryMilliseconds) * 1_000_000
            source.commitFailed(error)
        }
    }

    private mutating func wait() {
        let deadlines = [retryAtNanoseconds, reconciler.refusedRetryNanoseconds, watch.deadlineNanoseconds]
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
