import Netlink

/// A daemon of ours as a process, whose log comes line by line.
package final class DaemonProcess: Sendable {
    /// It ended, or did not get ready in time.
    package struct NotReady: Error, CustomStringConvertible {
        package let log: [String]

        package var description: String { "the daemon did not get ready: \(log.suffix(30).joined(separator: "\n"))" }
    }

    private let process: ChildProcess

    /// Starts it in a network namespace; its working directory is `directory`, where one is given.
    package init(_ command: [String], in namespace: NetworkNamespace, directory: String = ".") throws {
        process = try ChildProcess(
            ["bash", "-c", #"cd "$0" && exec "$@" 2>&1"#, directory] + command, in: namespace)
    }

    package var processID: Int32 { process.processID }

    /// Waits for a line of the log that ends so; the daemon says "ready" when all that it was told is in the kernel.
    ///
    /// - Throws: `NotReady` with the log.
    @discardableResult
    package func wait(forLineEnding end: String = " ready", seconds: Int = 120) throws -> String {
        var log: [String] = []
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            guard let line = process.receiveLine(timeoutMilliseconds: seconds * 1000) else { break }
            if line.hasSuffix(end) { return line }
            log.append(line)
        }
        throw NotReady(log: log)
    }

    /// Ends it as a crash would.
    package func kill() { process.kill() }
}
