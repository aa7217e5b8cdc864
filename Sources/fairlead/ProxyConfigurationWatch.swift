import KubeProxyConfig
import Netlink

/// Notices that a configuration file has another content than the one that was read.
///
/// kube-proxy ends when its file is written or moved, to be started again with the new one. Here the content decides: a file
/// that is touched, or written anew as it was, ends nothing, and neither does one that is gone until there is one again.
/// A ConfigMap's files are changed by moving a link beside them, which the watch of the directory sees.
struct ProxyConfigurationWatch: Sendable {
    let path: String
    /// What was read at start: a change between that and the watch's start counts.
    let text: String
    /// How long a new content must stay as it is, so that half a file does not count. With `rescanInterval` for tests.
    var quietTime = Duration.milliseconds(200)
    /// How often the file is read where no notice comes: its directory was replaced, or a link leads elsewhere.
    var rescanInterval = Duration.seconds(10)
    /// Called after each look that found no change, for tests: the watch is set before the first.
    var didFindNothing: @Sendable () -> Void = {}

    init(path: String, text: String) {
        self.path = path
        self.text = text
    }

    /// Returns when the content has changed.
    ///
    /// - Throws: `CancellationError`.
    func waitForChange() async throws {
        let (checks, check) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        // A directory that cannot be watched is left to the rescans.
        let notices = try? ManifestNotices.follow(directory)
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let notices { group.addTask { for await _ in notices { check.yield() } } }
            group.addTask {
                while true {
                    try await Task.sleep(for: rescanInterval)
                    check.yield()
                }
            }
            check.yield()
            for await _ in checks {
                if try await isChanged() {
                    group.cancelAll()
                    return
                }
                didFindNothing()
            }
            throw CancellationError()
        }
    }

    /// Whether the file has another content, and keeps it.
    private func isChanged() async throws -> Bool {
        var last = read()
        while let content = last, content != text {
            try await Task.sleep(for: quietTime)
            let now = read()
            if now == content { return true }
            last = now
        }
        return false
    }

    /// Nil where it cannot be read, and while it is empty: between being cut and being written.
    private func read() -> String? {
        guard let text = try? ConfigurationFile.read(path), !text.isEmpty else { return nil }
        return text
    }

    private var directory: String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        return (path.hasPrefix("/") ? "/" : parts.isEmpty ? "." : "") + parts.joined(separator: "/")
    }
}
