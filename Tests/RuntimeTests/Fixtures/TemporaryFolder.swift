import Netlink
import TestSupport

/// A folder that goes with the last reference, and a network namespace to work in.
final class TemporaryFolder: Sendable {
    let namespace: NetworkNamespace
    let path: String

    init() throws {
        namespace = try NetworkNamespace.create()
        path = try Tool.run("mktemp", "-d", in: namespace).trimmingEnd
    }

    /// Runs a shell script in it and returns what it wrote to both outputs.
    ///
    /// - Throws: `Tool.Failure` when it ends with another status than 0.
    @discardableResult
    func run(_ script: String) throws -> String {
        try Tool.run("bash", "-euo", "pipefail", "-c", "cd '\(path)'; \(script)", in: namespace)
    }

    deinit { _ = try? Tool.run("rm", "-r", path, in: namespace) }
}
