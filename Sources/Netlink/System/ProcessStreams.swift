import CLinux
import Glibc

/// The process's standard input and output, and its end.
package enum ProcessStreams {
    /// All of standard input.
    ///
    /// - Parameters:
    ///   - limitBytes: Not more than this is taken.
    ///   - timeoutMilliseconds: How long each part is waited for; what has come by then is returned. Nil waits without end.
    /// - Throws: `SystemError`, with `EFBIG` when there is more than the limit.
    package static func readInput(limitBytes: Int, timeoutMilliseconds: Int32?) throws(SystemError) -> [UInt8] {
        let operation = "read of standard input"
        var input: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            if let timeoutMilliseconds {
                var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
                if retryingInterrupted({ poll(&entry, 1, timeoutMilliseconds) }) == 0 { return input }
            }
            let count = retryingInterrupted { Glibc.read(STDIN_FILENO, &part, part.count) }
            guard count >= 0 else { throw .lastCall(operation) }
            if count == 0 { return input }
            guard input.count + count <= limitBytes else { throw SystemError(errno: EFBIG, operation: operation) }
            input += part[..<count]
        }
    }

    /// Writes all of it to standard output.
    package static func writeOutput(_ bytes: [UInt8]) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                retryingInterrupted { Glibc.write(STDOUT_FILENO, bytes.baseAddress, bytes.count) }
            }
            guard count >= 0 else { throw .lastCall("write to standard output") }
            rest = rest.dropFirst(count)
        }
    }

    /// Ends the process at once, without what C libraries would still do then.
    package static func end(status: Int32) -> Never { _exit(status) }
}
