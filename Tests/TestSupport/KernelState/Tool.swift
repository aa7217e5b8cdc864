import Glibc
import Netlink

/// Command-line tools that show what the kernel has.
package enum Tool {
    package struct Failure: Error, CustomStringConvertible {
        package let command: [String]
        package let status: Int32
        package let output: String

        package var description: String { "\(command.joined(separator: " ")): status \(status): \(output)" }
    }

    /// Runs a program in a network namespace and returns what it wrote, to its output first.
    ///
    /// - Throws: `Failure` when it does not start or ends with another status than 0.
    @discardableResult
    package static func run(_ command: String..., in namespace: NetworkNamespace, input: String = "") throws -> String {
        try run(command, in: namespace, input: input)
    }

    /// As above.
    @discardableResult
    package static func run(_ command: [String], in namespace: NetworkNamespace, input: String = "") throws -> String {
        // A child has the namespace of the thread that starts it.
        try namespace.run { try run(command, input: input) }
    }

    private static func run(_ command: [String], input: String) throws -> String {
        let stdin = try memoryFile(input)
        let stdout = try memoryFile("")
        // Apart, for what goes there at once would fall into the middle of a line that is still buffered.
        let stderr = try memoryFile("")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, stdin.rawValue, 0)
        posix_spawn_file_actions_adddup2(&actions, stdout.rawValue, 1)
        posix_spawn_file_actions_adddup2(&actions, stderr.rawValue, 2)
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let code = posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
        guard code == 0 else { throw Failure(command: command, status: code, output: "not started") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let output = text(stdout) + text(stderr)
        guard status == 0 else { throw Failure(command: command, status: status, output: output) }
        return output
    }

    private static func text(_ file: borrowing OwnedDescriptor) -> String {
        var bytes = [UInt8](repeating: 0, count: Int(max(lseek(file.rawValue, 0, SEEK_END), 0)))
        let count = pread(file.rawValue, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    private static func memoryFile(_ text: String) throws(SystemError) -> OwnedDescriptor {
        let file = try OwnedDescriptor(checking: memfd_create("tool", 1), "memfd_create")
        let bytes = [UInt8](text.utf8)
        guard write(file.rawValue, bytes, bytes.count) == bytes.count, lseek(file.rawValue, 0, SEEK_SET) == 0 else {
            throw SystemError(errno: errno, operation: "write of a tool's input")
        }
        return file
    }
}
