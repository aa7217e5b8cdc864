import Netlink
import TestSupport
import Testing

/// A directory that is removed with its files.
struct TemporaryDirectory: ~Copyable {
    let path: String

    init() throws { path = try String(Shell.run("mktemp -d /tmp/fairlead-cni-test-XXXXXX").dropLast()) }

    deinit { _ = try? Shell.run("rm -r '\(path)'") }

    /// Writes a file in it.
    func write(_ name: String, _ content: String) throws {
        try Shell.run("cat > '\(path)/\(name)'", input: content)
    }

    /// Writes a program in it, for the shell.
    func write(script name: String, _ content: String) throws {
        try write(name, "#!/bin/sh\n\(content)\n")
        try Shell.run("chmod +x '\(path)/\(name)'")
    }

    /// What a file in it has; empty when there is none.
    func read(_ name: String) throws -> String { try Shell.run("cat '\(path)/\(name)' 2>/dev/null || true") }
}

/// The shell, in the namespace that the tests run in.
enum Shell {
    @discardableResult
    static func run(_ command: String, input: String = "") throws -> String {
        try Tool.run("sh", "-c", command, in: try NetworkNamespace.current(), input: input)
    }
}
