import CLinux
import Glibc

/// A child process that sends one netlink request, waits for as long as the kernel is at it, and ends. It outlives this process if need be.
struct ChildSender {
    private let processID: pid_t

    /// Starts it; nil when there can be no more processes.
    ///
    /// The child has this process's sockets and nothing else of its descriptors: no output that somebody reads to its end, no lock. It may
    /// be the child of one of many threads, so that it makes system calls and no more than that.
    init?(_ socket: borrowing NetlinkSocket, _ request: MessageBuffer) {
        let (number, bytes) = (socket.rawDescriptor, request.bytes)
        let process = _Fork()
        guard process != 0 else {
            Self.closeAllButSockets()
            // A socket without a name of the other end sends to the kernel.
            send(number, bytes.baseAddress, bytes.count, 0)
            _exit(0)
        }
        guard process > 0 else { return nil }
        processID = process
    }

    private static func closeAllButSockets() {
        var status = stat()
        var number: Int32 = 0
        // A plugin has a dozen, a daemon's child may keep some of its thousands.
        while number < 256 {
            if number <= STDERR_FILENO || fstat(number, &status) == 0 && status.st_mode & S_IFMT != S_IFSOCK {
                close(number)
            }
            number += 1
        }
    }

    /// Whether it is gone.
    func hasEnded() -> Bool {
        var status: Int32 = 0
        return waitpid(processID, &status, WNOHANG) != 0
    }
}
