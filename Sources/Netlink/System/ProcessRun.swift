import CLinux
import Glibc

/// Another program that was run to its end. Its standard error is this process's own.
package struct ProcessRun: Hashable, Sendable {
    /// How it ended.
    package enum End: Hashable, Sendable {
        case exited(status: Int32)
        case killed(signal: Int32)
    }

    package let end: End
    /// What it wrote to its standard output.
    package let output: [UInt8]

    package init(end: End, output: [UInt8]) {
        self.end = end
        self.output = output
    }

    /// Runs a program and waits for it; it is killed when it takes too long or writes too much.
    ///
    /// - Parameters:
    ///   - path: The file to execute; it is the first argument as well.
    ///   - environment: All of the program's environment.
    ///   - input: What it reads from its standard input.
    ///   - timeoutMilliseconds: From its start to its end.
    /// - Throws: `SystemError` when it cannot be started, with `ETIME` or `EFBIG` when it had to be killed.
    package init(
        path: String, environment: [String: String], input: [UInt8], outputLimitBytes: Int, timeoutMilliseconds: Int
    ) throws(SystemError) {
        let operation = "run of \(path)"
        let stdin = try Self.memoryFile(input, operation)
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw .lastCall(operation) }
        let reading = OwnedDescriptor(owning: ends[0])
        let process = try Self.start(path, environment, stdin: stdin, stdout: OwnedDescriptor(owning: ends[1]))
        let outcome: Result<[UInt8], SystemError>
        do throws(SystemError) {
            outcome = .success(
                try Self.collect(reading, process, limit: outputLimitBytes, timeoutMilliseconds, operation))
        } catch {
            kill(process, SIGKILL)
            outcome = .failure(error)
        }
        var status: Int32 = 0
        guard retryingInterrupted({ waitpid(process, &status, 0) }) == process else { throw .lastCall(operation) }
        output = try outcome.get()
        // The layout that waitpid(2) has macros for.
        let signal = status & 0x7F
        end = signal == 0 ? .exited(status: status >> 8 & 0xFF) : .killed(signal: signal)
    }

    /// Reads until the program has ended, and then what is still in the pipe: somebody that it has started may hold the pipe open.
    private static func collect(
        _ pipe: borrowing OwnedDescriptor, _ process: pid_t, limit: Int, _ timeoutMilliseconds: Int, _ operation: String
    ) throws(SystemError) -> [UInt8] {
        let ended = try OwnedDescriptor(checking: pidfd_open(process, 0), operation)
        guard fcntl(pipe.rawValue, F_SETFL, O_NONBLOCK) == 0 else { throw .lastCall(operation) }
        let deadline = MonotonicClock.nanoseconds + UInt64(timeoutMilliseconds) * 1_000_000
        var output: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 14)
        var isOpen = true
        while true {
            let now = MonotonicClock.nanoseconds
            guard now < deadline else { throw SystemError(errno: ETIME, operation: operation) }
            // A descriptor below 0 is left out.
            var entries = [
                pollfd(fd: ended.rawValue, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isOpen ? pipe.rawValue : -1, events: Int16(POLLIN), revents: 0),
            ]
            let wait = Int32(clamping: (deadline - now + 999_999) / 1_000_000)
            guard retryingInterrupted({ poll(&entries, 2, wait) }) >= 0 else { throw .lastCall(operation) }
            let hasEnded = entries[0].revents != 0
            while isOpen, let count = try pipe.read(into: &part, operation) {
                output += part[..<count]
                isOpen = count > 0
                guard output.count <= limit else { throw SystemError(errno: EFBIG, operation: operation) }
            }
            if hasEnded { return output }
        }
    }

    private static func start(
        _ path: String, _ environment: [String: String], stdin: borrowing OwnedDescriptor,
        stdout: consuming OwnedDescriptor
    ) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, stdin.rawValue, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, stdout.rawValue, STDOUT_FILENO)
        var arguments = [strdup(path), nil]
        var variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process = pid_t()
        let code = posix_spawn(&process, path, &actions, nil, &arguments, &variables)
        guard code == 0 else { throw SystemError(errno: code, operation: "start of \(path)") }
        return process
    }

    /// A file, because a pipe would have to be filled while the program runs.
    private static func memoryFile(_ content: [UInt8], _ operation: String) throws(SystemError) -> OwnedDescriptor {
        let file = try OwnedDescriptor(checking: memfd_create("input", UInt32(MFD_CLOEXEC)), operation)
        var offset = 0
        while offset < content.count {
            let number = file.rawValue
            let count = content[offset...].withUnsafeBytes { bytes in
                retryingInterrupted { Glibc.write(number, bytes.baseAddress, bytes.count) }
            }
            guard count > 0 else { throw .lastCall(operation) }
            offset += count
        }
        guard lseek(file.rawValue, 0, SEEK_SET) == 0 else { throw .lastCall(operation) }
        return file
    }
}
