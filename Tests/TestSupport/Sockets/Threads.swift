import CLinux
import Glibc
import Synchronization

/// Waits until one of `descriptors` is readable, or writable, or has an error; the indices of those, none after the time.
func waitReady(
    readable: [Int32], writable: [Int32] = [], timeoutMilliseconds: Int
) -> [Int] {
    var entries =
        readable.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        + writable.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
    let count = poll(&entries, nfds_t(entries.count), Int32(clamping: timeoutMilliseconds))
    return count <= 0 ? [] : entries.indices.filter { entries[$0].revents != 0 }
}

/// An eventfd that ends another thread's wait.
final class WakeUp: Sendable {
    let descriptor: Int32

    init() throws(SocketError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        if descriptor < 0 { throw SocketError(operation: "eventfd", code: errno) }
    }

    deinit { close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }
}

/// A thread of its own, in the network namespace of the thread that starts it, joined once.
package final class JoinableThread: Sendable {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let handle: Mutex<pthread_t?>

    /// - Throws: `SocketError` when the system has no thread to give.
    package init(_ run: @escaping @Sendable () -> Void) throws(SocketError) {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(run))
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            throw SocketError(operation: "pthread_create", code: code)
        }
        handle = Mutex(thread)
    }

    /// Waits for the thread's end; a second call returns at once.
    package func join() {
        let thread = handle.withLock { handle in
            defer { handle = nil }
            return handle
        }
        if let thread { pthread_join(thread, nil) }
    }
}

/// SIGTERM and SIGINT, taken by waiting for them.
package struct StopSignal: Sendable {
    private let signals: sigset_t

    /// Blocks both for this thread and for those that it starts from now on: make it before any thread is there.
    package init() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        self.signals = signals
    }

    /// Waits for one of the two; false when the time ended first.
    package func wait(seconds: Int) -> Bool {
        var signals = signals
        var time = timespec(tv_sec: seconds, tv_nsec: 0)
        return sigtimedwait(&signals, nil, &time) > 0
    }
}

/// Puts the calling thread to sleep until `instant`; not for threads of the concurrency runtime.
package func sleepThread(until instant: ContinuousClock.Instant) {
    let left = ContinuousClock.now.duration(to: instant).components
    guard left.seconds >= 0, left.attoseconds >= 0 else { return }
    var time = timespec(tv_sec: Int(left.seconds), tv_nsec: Int(left.attoseconds / 1_000_000_000))
    var rest = timespec()
    // A signal that interrupts leaves what remains.
    while nanosleep(&time, &rest) != 0, errno == EINTR { time = rest }
}
