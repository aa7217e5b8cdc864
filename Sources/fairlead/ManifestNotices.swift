import Netlink

/// Tells of changes in a directory, through inotify on a thread of its own.
enum ManifestNotices {
    /// - Throws: `SystemError` when the directory cannot be watched.
    static func follow(_ directory: String?) throws -> AsyncStream<Void> {
        let (notices, notice) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        guard let directory else { return notices }
        let monitor = try SharedMonitor(path: directory)
        _ = try NamedThread(name: "fairlead-files") {
            // Ends with the process, or when the directory has gone: the slow rescan of manifests remains.
            while let events = try? monitor.monitor.wait(), !events.contains(.directoryGone) { notice.yield() }
        }
        return notices
    }
}

/// The monitor, for the closure of its thread.
private final class SharedMonitor: Sendable {
    let monitor: DirectoryMonitor

    init(path: String) throws { monitor = try DirectoryMonitor(path: path) }
}
