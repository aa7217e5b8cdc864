import Netlink

/// A network namespace as container runtimes hand it to a plugin: by a path. It goes with the last reference, and with this process.
package final class HeldNamespace: Sendable {
    package let namespace: NetworkNamespace
    /// It waits for the end of its input, which comes with the end of this process, whatever the way.
    private let holder: ChildProcess
    /// For `CNI_NETNS`.
    package var path: String { "/proc/\(holder.processID)/ns/net" }

    package init() throws {
        namespace = try NetworkNamespace.create()
        holder = try ChildProcess(["cat"], in: namespace)
    }
}
