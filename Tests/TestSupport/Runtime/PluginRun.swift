import CLinux
import Glibc
import Netlink

/// One run of a CNI plugin, in the network namespace of the calling thread.
package struct PluginRun: Sendable {
    /// Its exit status; nil when a signal ended it.
    package let status: Int32?
    /// What it has written to its standard output; its standard error is this process's.
    package let output: String
    /// From its start to its end.
    package let nanoseconds: UInt64

    package var succeeded: Bool { status == 0 }

    /// Starts it and waits for its end.
    ///
    /// - Parameters:
    ///   - environment: All that it has.
    ///   - killAfterMicroseconds: When to end it with SIGKILL, if it has not ended by then.
    /// - Throws: `SocketError` when it cannot be started.
    package init(
        _ path: String, environment: [String: String], input: String, killAfterMicroseconds: UInt32? = nil
    ) throws(SocketError) {
        let stdin = try Self.memoryFile(input)
        let stdout = try Self.memoryFile("")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, stdin.rawValue, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, stdout.rawValue, STDOUT_FILENO)
        var arguments = [strdup(path), nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process = pid_t()
        let start = MonotonicClock.nanoseconds
        let code = posix_spawn(&process, path, &actions, nil, &arguments, &variables)
        guard code == 0 else { throw SocketError(operation: "start of \(path)", code: code) }
        if let killAfterMicroseconds {
            usleep(killAfterMicroseconds)
            // Not yet waited for, so that the number is still its own.
            kill(process, SIGKILL)
        }
        var end: Int32 = 0
        while waitpid(process, &end, 0) < 0 && errno == EINTR {}
        nanoseconds = MonotonicClock.nanoseconds - start
        // The layout that waitpid(2) has macros for.
        status = end & 0x7F == 0 ? end >> 8 & 0xFF : nil
        var bytes = [UInt8](repeating: 0, count: Int(lseek(stdout.rawValue, 0, SEEK_END)))
        let count = pread(stdout.rawValue, &bytes, bytes.count, 0)
        output = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    private static func memoryFile(_ text: String) throws(SocketError) -> OwnedDescriptor {
        let number = memfd_create("plugin", UInt32(MFD_CLOEXEC))
        guard number >= 0 else { throw SocketError(operation: "memfd_create", code: errno) }
        let file = OwnedDescriptor(owning: number)
        let bytes = [UInt8](text.utf8)
        guard write(number, bytes, bytes.count) == bytes.count, lseek(number, 0, SEEK_SET) == 0 else {
            throw SocketError(operation: "write of a plugin's input", code: errno)
        }
        return file
    }
}
