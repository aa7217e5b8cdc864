import Logging
import NIOCore
import NIOPosix
import Proxy
import Synchronization

/// The servers that a load balancer asks whether this node has endpoints of a Service with `externalTrafficPolicy: Local`:
/// one listener for each of the node's NodePort addresses and each `spec.healthCheckNodePort`.
///
/// One thread of its own serves them all, in the network namespace of the thread that makes this.
package final class HealthServer: Sendable {
    private struct Inbox {
        var latest: HealthChecks?
        var isScheduled = false
    }

    private let group: MultiThreadedEventLoopGroup
    private let listeners: NIOLoopBoundBox<HealthListeners>
    private let inbox = Mutex(Inbox())

    /// Starts the thread; nothing listens until the first `update`.
    ///
    /// - Parameters:
    ///   - bindFailed: called on the servers' thread with the first of a row of attempts to listen that fail.
    ///   - isHealthy: asked with each request, on the servers' thread, so it must not block: whether the proxy keeps
    ///     the kernel's rules up to date.
    package init(
        limits: HTTPLimits = HTTPLimits(), logger: Logger,
        bindFailed: @escaping @Sendable (BindFailure) -> Void = { _ in }, isHealthy: @escaping @Sendable () -> Bool
    ) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        listeners = NIOLoopBoundBox.makeBoxSendingValue(
            HealthListeners(
                table: HealthTable(isHealthy: isHealthy), loop: loop, limits: limits, logger: logger,
                failed: bindFailed),
            eventLoop: loop)
    }

    /// Says what is to be answered from now on. May be called from any thread; never blocks. Of values that come faster
    /// than they are put into effect, only the last counts.
    package func update(_ checks: HealthChecks) {
        let mustSchedule = inbox.withLock { inbox in
            defer { inbox.isScheduled = true }
            inbox.latest = checks
            return !inbox.isScheduled
        }
        if mustSchedule { group.next().execute { self.takeLatest() } }
    }

    private func takeLatest() {
        let latest = inbox.withLock { inbox in
            defer { inbox = Inbox() }
            return inbox.latest
        }
        if let latest { listeners.value.apply(latest) }
    }

    /// Closes all listeners and ends the thread; the last call.
    package func stop() async {
        update(HealthChecks())
        // What a thread that ends could not close, its end closes.
        try? await group.shutdownGracefully()
    }
}
