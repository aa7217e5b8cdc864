import CLinux
import Glibc

/// Wakes a thread that waits in a `Poller`. Any thread may signal.
package struct EventFD: ~Copyable, Sendable, Pollable {
    private let descriptor: OwnedDescriptor

    package init() throws(SystemError) {
        descriptor = try OwnedDescriptor(
            checking: eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)), "eventfd")
    }

    package var rawDescriptor: Int32 { descriptor.rawValue }

    /// Makes the descriptor readable. Does not wait: the one error is a full counter, which is readable already.
    package func signal() {
        let number = descriptor.rawValue
        _ = retryingInterrupted { eventfd_write(number, 1) }
    }

    /// Takes all signals since the last call, and returns whether there were any.
    @discardableResult
    package func drain() -> Bool {
        let number = descriptor.rawValue
        var count: eventfd_t = 0
        return retryingInterrupted { eventfd_read(number, &count) } == 0
    }
}
