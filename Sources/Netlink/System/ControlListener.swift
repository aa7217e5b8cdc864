import CLinux
import Glibc

/// Takes connections of operators: a Unix socket of the abstract name `fairlead/<name>` in the network namespace of the
/// thread that makes it. Whoever is in the namespace can connect: see `ControlConnection.peer`.
package struct ControlListener: ~Copyable, Sendable, Pollable {
    private let descriptor: OwnedDescriptor

    /// - Throws: `SystemError`, with `EADDRINUSE` when another process has the name.
    package init(name: String) throws(SystemError) {
        descriptor = try Self.open(name)
    }

    private static func open(_ name: String) throws(SystemError) -> OwnedDescriptor {
        let socket = try AbstractSocket.make("control socket \(name)")
        guard try AbstractSocket.call(Glibc.bind, socket, name) else {
            throw .lastCall("bind of control socket \(name)")
        }
        guard listen(socket.rawValue, 16) == 0 else { throw .lastCall("listen of control socket \(name)") }
        return socket
    }

    package var rawDescriptor: Int32 { descriptor.rawValue }

    /// The next connection; nil when none waits.
    package func accept() -> ControlConnection? {
        let listener = descriptor.rawValue
        let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let number = retryingInterrupted { accept4(listener, __SOCKADDR_ARG(__sockaddr__: nil), nil, flags) }
        return number >= 0 ? ControlConnection(OwnedDescriptor(owning: number)) : nil
    }
}
