import CLinux
import Glibc

/// A timer on the monotonic clock that a `Poller` can wait for.
package struct TimerFD: ~Copyable, Sendable, Pollable {
    private let descriptor: OwnedDescriptor

    package init() throws(SystemError) {
        descriptor = try OwnedDescriptor(
            checking: timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK)),
            "timerfd_create")
    }

    package var rawDescriptor: Int32 { descriptor.rawValue }

    /// Becomes readable once, so long from now; 0 is at once. An earlier setting is dropped.
    package func arm(afterNanoseconds delay: UInt64) throws(SystemError) {
        // All zeros would disarm it.
        try set(nanoseconds: max(delay, 1))
    }

    /// Does not become readable, and is not any more.
    package func disarm() throws(SystemError) { try set(nanoseconds: 0) }

    /// Takes the expiry, and returns whether the timer had expired since the last call.
    @discardableResult
    package func drain() throws(SystemError) -> Bool {
        var count = [UInt8](repeating: 0, count: MemoryLayout<UInt64>.size)
        return try descriptor.read(into: &count, "timerfd read") != nil
    }

    private func set(nanoseconds: UInt64) throws(SystemError) {
        var setting = itimerspec()
        setting.it_value = timespec(
            tv_sec: Int(clamping: nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        guard timerfd_settime(descriptor.rawValue, 0, &setting, nil) == 0 else { throw .lastCall("timerfd_settime") }
    }
}
