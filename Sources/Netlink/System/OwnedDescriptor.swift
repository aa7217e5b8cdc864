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
        self.init(owning: result)
    }

    deinit { close(rawValue) }

    /// Reads at most `buffer.count` bytes; 0 at the end, nil when a descriptor that does not wait has none.
    func read(into buffer: inout [UInt8], _ operation: @autoclosure () -> String) throws(SystemError) -> Int? {
        let number = rawValue
        let length = buffer.withUnsafeMutableBytes { bytes in
            retryingInterrupted { Glibc.read(number, bytes.baseAddress, bytes.count) }
        }
        if length < 0 && errno == EAGAIN { return nil }
        guard length >= 0 else { throw .lastCall(operation()) }
        return length
    }
}
