import Glibc

extension OwnedDescriptor {
    /// Waits for the exclusive lock of flock(2). It belongs to the open file: the kernel frees it when the last descriptor of that is
    /// closed, whatever the process dies of.
    func lock(_ name: String) throws(SystemError) {
        let number = rawValue
        guard retryingInterrupted({ Int(flock(number, LOCK_EX)) }) == 0 else { throw .lastCall("flock of \(name)") }
    }
}
