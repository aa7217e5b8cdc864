import CLinux
import Glibc

/// At most one process of a name in a network namespace. The kernel frees it when the process dies, whatever the way.
///
/// It is a listening Unix socket of the abstract name `fairlead/<name>`; such names belong to a network namespace.
package struct InstanceLock: ~Copyable, Sendable {
    /// Why the lock was not taken.
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// Another process has it; its id is 0 when it lives in a process namespace that we cannot see.
        case held(name: String, processID: Int32)
        case system(SystemError)

        package var description: String {
            switch self {
            case .held(let name, 0): "\(name): already running in this network namespace, as a process unseen from here"
            case .held(let name, let processID):
                "\(name): already running in this network namespace, as process \(processID)"
            case .system(let error): error.description
            }
        }
    }

    private let descriptor: OwnedDescriptor

    /// Takes the lock.
    package init(name: String) throws(Failure) {
        descriptor = try Self.listen(name)
    }

    private static func listen(_ name: String) throws(Failure) -> OwnedDescriptor {
        let socket = try makeSocket(name)
        // A holder that ends between the two calls leaves the name free: try again.
        for _ in 0..<10 {
            if try call(Glibc.bind, socket, name) {
                // Nobody accepts: each refused process stays in the queue, so it is as long as the kernel allows.
                guard Glibc.listen(socket.rawValue, .max) == 0 else {
                    throw .system(.lastCall("listen of lock \(name)"))
                }
                return socket
            }
            guard errno == EADDRINUSE else { throw .system(.lastCall("bind of lock \(name)")) }
            if let processID = try holder(name) { throw .held(name: name, processID: processID) }
        }
        throw .held(name: name, processID: 0)
    }

    /// The process that listens; nil when there is none any more.
    private static func holder(_ name: String) throws(Failure) -> Int32? {
        let socket = try makeSocket(name)
        guard try call(Glibc.connect, socket, name) else {
            // A full backlog (EAGAIN) still means that somebody listens.
            return errno == ECONNREFUSED ? nil : 0
        }
        return AbstractSocket.peer(of: socket)?.processID ?? 0
    }

    private static func makeSocket(_ name: String) throws(Failure) -> OwnedDescriptor {
        do throws(SystemError) { return try AbstractSocket.make("lock \(name)") } catch { throw .system(error) }
    }

    private static func call(
        _ function: (Int32, __CONST_SOCKADDR_ARG, socklen_t) -> Int32, _ socket: borrowing OwnedDescriptor,
        _ name: String
    ) throws(Failure) -> Bool {
        do throws(SystemError) { return try AbstractSocket.call(function, socket, name) } catch {
            throw .system(error)
        }
    }
}
