import Glibc

/// Writes `line` and a newline to standard output at once, so that a script that waits for it sees it.
package func writeToStandardOutput(line: String) {
    var bytes = Array((line + "\n").utf8)[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        if count < 0, errno != EINTR { return }
        bytes = bytes.dropFirst(max(count, 0))
    }
}
