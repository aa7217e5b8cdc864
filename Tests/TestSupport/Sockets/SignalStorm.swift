import CLinux
import Glibc
import Synchronization

/// Interrupts the system calls of threads of one name, some thousand times a second: signals whose handler does nothing
/// and whose calls are not restarted.
package final class SignalStorm: Sendable {
    private final class Shared: Sendable {
        let isStopping = Atomic(false)
        let count = Atomic(0)
    }

    private let shared: Shared
    private let thread: JoinableThread

    /// - Throws: `SocketError` when the system has no thread to give.
    package init(threadName: String) throws {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        guard sigaction(SIGUSR1, &action, nil) == 0 else { throw SocketError(operation: "sigaction", code: errno) }
        let shared = Shared()
        self.shared = shared
        thread = try JoinableThread {
            while !shared.isStopping.load(ordering: .relaxed) {
                for task in Self.tasks(named: threadName) where tgkill(getpid(), task, SIGUSR1) == 0 {
                    shared.count.add(1, ordering: .relaxed)
                }
                usleep(100)
            }
        }
    }

    /// Ends it, and tells how many signals there were.
    package func stop() -> Int {
        shared.isStopping.store(true, ordering: .relaxed)
        thread.join()
        return shared.count.load(ordering: .relaxed)
    }

    private static func tasks(named name: String) -> [pid_t] {
        guard let directory = opendir("/proc/self/task") else { return [] }
        defer { closedir(directory) }
        var tasks: [pid_t] = []
        while let entry = readdir(directory) {
            let number = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let task = pid_t(number) else { continue }
            let file = open("/proc/self/task/\(number)/comm", O_RDONLY)
            guard file >= 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 32)
            let length = read(file, &bytes, bytes.count)
            close(file)
            if length > 0, String(decoding: bytes.prefix(length - 1), as: UTF8.self) == name { tasks.append(task) }
        }
        return tasks
    }
}
