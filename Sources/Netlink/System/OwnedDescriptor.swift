import Glibc

/// A file descriptor with one owner, closed when that goes away.
package struct OwnedDescriptor: ~Copyable, Sendable {
    /// The number, for system calls; it must not outlive the owner.
    package let rawValue: Int32

    /// Takes over an open descriptor.
    package init(owning rawValue: Int32) { self.rawValue = rawValue }

    /// Takes over what a system call returned.
    ///
    /// - Throws: `SystemError` with `errno` when that is negative.
    package init(checking result: Int32, _ operation: @autoclosure () -> String) throws(SystemError) {
        guard result >= 0 else { throw .lastCall(operation()) }
        rawValue = result
    }

    deinit { close(rawValue) }
}
