import CLinux
import Glibc

/// A system call that failed: what was asked of the kernel, and its answer.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The `errno` value.
    package let errno: Int32
    /// What failed, with its object: "open /run/netns/a".
    package let operation: String

    package init(errno: Int32, operation: String) {
        self.errno = errno
        self.operation = operation
    }

    /// The failure of the call that has just returned -1.
    static func lastCall(_ operation: String) -> SystemError {
        SystemError(errno: Glibc.errno, operation: operation)
    }

    package var description: String { "\(operation): \(Self.text(errno))" }

    /// Whether a file, or a directory on the way to it, is not there.
    package var isMissingFile: Bool { errno == ENOENT || errno == ENOTDIR }

    /// Whether the disk is full, or the owner's share of it.
    package var isNoSpace: Bool { errno == ENOSPC || errno == EDQUOT }

    /// "File exists (EEXIST)".
    static func text(_ errno: Int32) -> String {
        let name = strerrorname_np(errno).map { String(cString: $0) } ?? "errno \(errno)"
        let sentence = strerrordesc_np(errno).map { String(cString: $0) } ?? "Unknown error"
        return "\(sentence) (\(name))"
    }
}
