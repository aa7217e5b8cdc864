import CLinux
import Glibc

/// A thread of its own, with a name for `top` and debuggers. It runs on by itself when the value goes away unjoined.
package struct NamedThread: ~Copyable, Sendable {
    // pthread_t is a number on Linux.
    private let thread: pthread_t

    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Starts the thread.
    ///
    /// - Parameter name: The kernel keeps the first 15 bytes.
    package init(name: String, body: @escaping @Sendable () -> Void) throws(SystemError) {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                pthread_setname_np(pthread_self(), String(decoding: start.name.utf8.prefix(15), as: UTF8.self))
                start.body()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            start.release()
            throw SystemError(errno: status, operation: "start thread \(name)")
        }
        self.thread = thread
    }

    deinit { pthread_detach(thread) }

    /// Waits until the body has returned.
    package consuming func join() {
        pthread_join(thread, nil)
        discard self
    }
}
