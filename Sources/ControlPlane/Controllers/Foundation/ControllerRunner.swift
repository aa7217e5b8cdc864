import KubeAPI
import Logging
import ServiceLifecycle

/// Runs one controller: takes a key, makes the state of the store as it should be for it, and tries again later what
/// fails. One key at a time.
package final class ControllerRunner<Key: Hashable & Sendable>: ServiceLifecycle.Service {
    package let queue: WorkQueue<Key>
    private let name: String
    private let logger: Logger
    private let reconcile: @Sendable (Key) async throws(Status) -> Void

    package init(
        name: String, logger: Logger, queue: WorkQueue<Key> = WorkQueue(),
        reconcile: @escaping @Sendable (Key) async throws(Status) -> Void
    ) {
        self.name = name
        self.logger = logger
        self.queue = queue
        self.reconcile = reconcile
    }

    /// Works until the task is cancelled or the process shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while let key = await self.queue.next() {
                do throws(Status) {
                    try await self.reconcile(key)
                    self.queue.succeed(key)
                } catch {
                    self.queue.retry(key)
                    // Somebody else was quicker: that is nothing to tell, the next try sees it.
                    let level: Logger.Level = error.reason == "Conflict" ? .debug : .error
                    self.logger.log(
                        level: level, "\(error.message)", metadata: ["controller": "\(self.name)", "key": "\(key)"])
                }
            }
        }
    }

    /// Returns when there is nothing to do.
    ///
    /// - Throws: `CancellationError`.
    package func settled() async throws { try await queue.settled() }
}
