import KubeAPI
import Logging
import ServiceLifecycle

/// Runs one controller: takes a key, makes the state of the store as it should be for it, and tries again later what
/// fails. One key at a time.
package final class ControllerRunner<Key: Hashable & Sendable & CustomStringConvertible>: ServiceLifecycle.Service {
    package let queue: WorkQueue<Key>
    private let name: String
    private let logger: Logger
    private let sleep: @Sendable (Duration) async throws -> Void
    private let reconcile: @Sendable (Key) async throws(Status) -> Void

    /// `sleep` waits for a retry's time.
    package init(
        name: String, logger: Logger, queue: WorkQueue<Key> = WorkQueue(),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        reconcile: @escaping @Sendable (Key) async throws(Status) -> Void
    ) {
        self.name = name
        self.logger = logger
        self.queue = queue
        self.sleep = sleep
        self.reconcile = reconcile
    }

    /// Works until the task is cancelled or the process shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while let key = await self.queue.next() {
                    do throws(Status) {
                        try await self.reconcile(key)
                        self.queue.succeed(key)
                    } catch {
                        let delay = self.queue.fail(key)
                        self.logger.error(
                            "\(error.message)", metadata: ["controller": "\(self.name)", "key": "\(key)"])
                        group.addTask {
                            try? await self.sleep(delay)
                            self.queue.add(key)
                        }
                    }
                }
                group.cancelAll()
            }
        }
    }

    /// Returns when there is nothing to do.
    ///
    /// - Throws: `CancellationError`.
    package func settled() async throws { try await queue.settled() }
}
