import Netlink

/// What an address store asks of the machine; tests put something else in its place.
package struct LeaseEnvironment: Sendable {
    /// The kernel's name for this boot.
    package var bootID: String
    /// Nanoseconds since boot.
    package var now: @Sendable () -> UInt64
    /// Asked before each change of a file or a directory with the number of bytes that it has, 1 where it has none: a process that
    /// dies there has written only as many as this returns. Nil where nothing dies.
    package var interruption: (@Sendable (_ byteCount: Int) -> Int)?

    package init(
        bootID: String, now: @escaping @Sendable () -> UInt64,
        interruption: (@Sendable (_ byteCount: Int) -> Int)? = nil
    ) {
        self.bootID = bootID
        self.now = now
        self.interruption = interruption
    }

    /// This machine's.
    package static func machine() throws(CNIError) -> LeaseEnvironment {
        do throws(SystemError) {
            // random(4): a new one at each boot.
            let bootID = try Sysctl.read("kernel.random.boot_id")
            return LeaseEnvironment(bootID: bootID, now: { MonotonicClock.nanosecondsSinceBoot })
        } catch { throw CNIError(.ioFailure, "the name of this boot cannot be read: \(error)") }
    }
}
