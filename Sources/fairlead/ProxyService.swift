import Dataplane
import Logging
import Proxy
import ServiceLifecycle

/// Runs the proxy on what a source tells of.
struct ProxyService: ServiceLifecycle.Service {
    let source: any ObjectSource
    let proxy: ServiceProxy
    let sync: SyncThread
    let logger: Logger
    /// Called once, when all that was known at the start is in the kernel.
    let whenReady: @Sendable () async -> Void

    /// Works until the process shuts down; the rules stay.
    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await work() }
        } catch is CancellationError {
            // The way in which a service ends.
        }
    }

    private func work() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // The sync thread's end is what ends the wait below.
                defer { sync.stop() }
                try await source.feed(proxy)
            }
            group.addTask {
                await sync.settled()
                try Task.checkCancellation()
                logger.notice("ready")
                await whenReady()
            }
            try await group.waitForAll()
        }
    }
}
