import CLinux
import Glibc

/// A network namespace, held open: it lives as long as this, a process in it, or its name does.
///
/// A class so that it can be shared; all of it is immutable.
package final class NetworkNamespace: Sendable {
    /// Which namespace it is: two handles are of the same one when these are equal.
    package struct Identity: Hashable, Sendable {
        package let device: UInt64
        package let inode: UInt64
    }

    private let descriptor: OwnedDescriptor
    package let identity: Identity

    private init(_ descriptor: consuming OwnedDescriptor) throws(SystemError) {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw .lastCall("fstat of a network namespace") }
        identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        self.descriptor = descriptor
    }

    /// Opens the namespace at a path, such as the one that a container runtime hands over.
    package convenience init(path: String) throws(SystemError) {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        try self.init(OwnedDescriptor(checking: number, "open of network namespace \(path)"))
    }

    /// Opens the namespace that `ip netns` knows by that name.
    package convenience init(name: String) throws(SystemError) {
        try self.init(path: NamedNetworkNamespace.path(name))
    }

    /// Opens the namespace of a process.
    package convenience init(processID: Int32) throws(SystemError) {
        try self.init(path: "/proc/\(processID)/ns/net")
    }

    /// The namespace of the calling thread.
    package static func current() throws(SystemError) -> NetworkNamespace {
        try NetworkNamespace(path: "/proc/thread-self/ns/net")
    }

    /// A new namespace without a name: it ends with the last handle, process and socket. Its loopback is down.
    package static func create() throws(SystemError) -> NetworkNamespace {
        try ThreadResult.run(threadName: "netns create") { () throws(SystemError) in
            guard unshare(CLONE_NEWNET) == 0 else { throw .lastCall("unshare of the network namespace") }
            return try NetworkNamespace.current()
        }.get()
    }

    /// Runs `body` inside the namespace, on a thread of its own, and waits for it. Sockets that it makes stay in the
    /// namespace for good, so it can return them.
    ///
    /// - Throws: What `body` throws, or `SystemError` when the namespace cannot be entered.
    package func run<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
        let number = descriptor.rawValue
        // The thread has the number only; without this the descriptor may be closed before the thread has come to use it.
        defer { withExtendedLifetime(self) {} }
        return try ThreadResult.run(threadName: "netns") { () throws(any Error) -> Result in
            guard setns(number, CLONE_NEWNET) == 0 else { throw SystemError.lastCall("setns to a network namespace") }
            return try body()
        }.get()
    }

    /// As `run`, on the calling thread itself, which is back in its own namespace when this returns. It saves the start of a thread,
    /// and that the processor has to find time for it.
    ///
    /// - Throws: What `body` throws, or `SystemError` when the namespace cannot be entered.
    package func enter<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
        let own = try NetworkNamespace.current()
        guard setns(descriptor.rawValue, CLONE_NEWNET) == 0 else {
            throw SystemError.lastCall("setns to a network namespace")
        }
        defer {
            // Where that fails, whatever came next would be done to the wrong machine.
            if setns(own.descriptor.rawValue, CLONE_NEWNET) != 0 {
                StandardError.write("there is no way back from a network namespace: error \(errno)")
                abort()
            }
        }
        return try body()
    }

    /// For `IFLA_NET_NS_FD`.
    var rawDescriptor: Int32 { descriptor.rawValue }
}
