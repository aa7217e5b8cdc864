import Glibc

/// The process's standard error.
package enum StandardError {
    /// Writes a line in one call, so that lines of several threads do not mix. What cannot be written is lost.
    package static func write(_ line: String) {
        let bytes = [UInt8]("\(line)\n".utf8)
        _ = retryingInterrupted { Glibc.write(STDERR_FILENO, bytes, bytes.count) }
    }
}
