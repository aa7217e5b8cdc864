import Glibc
import Testing

/// Command-line tools that check what the kernel has, run in the calling thread's network namespace.
enum Tool {
    struct Failure: Error, CustomStringConvertible {
        let command: [String]
        let status: Int32
        let output: String

        var description: String { "\(command.joined(separator: " ")): status \(status): \(output)" }
    }

    /// Runs a program and returns what it wrote, to its output first.
    static func run(_ command: String..., input: String = "") throws -> String {
        let stdin = try temporaryFile(input)
        let stdout = try temporaryFile("")
        // Apart, for what goes there at once would fall into the middle of a line that is still buffered.
        let stderr = try temporaryFile("")
        defer { for file in [stdin, stdout, stderr] { close(file) } }
        let process = try spawn(command, stdin: stdin, stdout: stdout, stderr: stderr)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let output = try contents(stdout) + contents(stderr)
        guard status == 0 else { throw Failure(command: command, status: status, output: output) }
        return output
    }

    /// Starts a program in the calling thread's network namespace.
    static func spawn(_ command: [String], stdin: Int32, stdout: Int32, stderr: Int32? = nil) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, stdin, 0)
        posix_spawn_file_actions_adddup2(&actions, stdout, 1)
        posix_spawn_file_actions_adddup2(&actions, stderr ?? stdout, 2)
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let status = posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
        guard status == 0 else { throw Failure(command: command, status: status, output: "not started") }
        return process
    }

    static func temporaryFile(_ text: String) throws -> Int32 {
        let file = memfd_create("test", 0)
        try #require(file >= 0)
        let bytes = [UInt8](text.utf8)
        try #require(write(file, bytes, bytes.count) == bytes.count)
        lseek(file, 0, SEEK_SET)
        return file
    }

    private static func contents(_ file: Int32) throws -> String {
        let size = lseek(file, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: Int(size))
        try #require(pread(file, &bytes, bytes.count, 0) == bytes.count)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A program that runs until it is stopped.
struct BackgroundTool {
    let processID: pid_t

    init(_ command: String...) throws {
        let file = try Tool.temporaryFile("")
        defer { close(file) }
        processID = try Tool.spawn(command, stdin: file, stdout: file)
    }

    func stop() {
        kill(processID, SIGKILL)
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0 && errno == EINTR {}
    }
}
