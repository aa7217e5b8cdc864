import Glibc

/// The clocks that neither jump nor go back.
package enum MonotonicClock {
    /// Nanoseconds since the machine started, time asleep not counted.
    package static var nanoseconds: UInt64 { read(CLOCK_MONOTONIC) }

    /// Nanoseconds since the machine started, with the time that it was asleep.
    package static var nanosecondsSinceBoot: UInt64 { read(CLOCK_BOOTTIME) }

    /// Nanoseconds that the calling thread has had of a processor, in the kernel, too.
    package static var threadProcessorNanoseconds: UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Lets the calling thread rest for so long.
    package static func pause(nanoseconds: UInt64) {
        var rest = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        var left = rest
        while nanosleep(&rest, &left) != 0 && errno == EINTR { rest = left }
    }
}
