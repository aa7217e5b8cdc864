import KubeAPI
import Logging
import ServiceLifecycle

/// Keeps a store as the manifests say: the files given, and those in a directory.
///
/// `changes` says that something may have changed, such as inotify's events; a slow rescan finds what it misses.
package final class ManifestSource: ServiceLifecycle.Service {
    private let scanner: ManifestScanner
    private let changes: AsyncStream<Void>
    private let rescanInterval: Duration
    private let quietTime: Duration
    private let loaded = Gate()

    package init(
        files: [String], directory: String?, applier: ManifestApplier, changes: AsyncStream<Void>,
        rescanInterval: Duration = .seconds(10), quietTime: Duration = .milliseconds(100), logger: Logger
    ) {
        scanner = ManifestScanner(
            files: files, directory: directory, applier: applier, logger: logger, quietTime: quietTime)
        self.changes = changes
        self.rescanInterval = rescanInterval
        self.quietTime = quietTime
    }

    /// Returns when all manifests have been applied for the first time.
    ///
    /// - Throws: `CancellationError`.
    package func load() async throws { try await loaded.wait() }

    /// Follows the manifests until the task is cancelled or the process shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                let (triggers, trigger) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
                group.addTask { for await _ in self.changes { trigger.yield() } }
                group.addTask {
                    while (try? await Task.sleep(for: self.rescanInterval)) != nil { trigger.yield() }
                }
                var scanner = self.scanner
                trigger.yield()
                for await _ in triggers {
                    if await scanner.scan() {
                        group.addTask {
                            if (try? await Task.sleep(for: self.quietTime)) != nil { trigger.yield() }
                        }
                    }
                    self.loaded.open()
                }
                group.cancelAll()
            }
        }
    }
}
