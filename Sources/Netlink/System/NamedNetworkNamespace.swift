import CLinux
import Glibc

/// Network namespaces with names, as `ip netns` makes them: files in /run/netns that the namespace is mounted on.
package enum NamedNetworkNamespace {
    private static let directory = "/run/netns"

    /// Where `ip netns` and container runtimes look for it.
    package static func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// Makes a namespace with a name; it stays until `delete`. Its loopback is down.
    ///
    /// - Throws: `SystemError` with `EEXIST` when the name is taken.
    package static func create(_ name: String) throws(SystemError) -> NetworkNamespace {
        try check(name)
        try prepareDirectory()
        let path = path(name)
        _ = try OwnedDescriptor(
            checking: open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0), "network namespace \(name)")
        do throws(SystemError) {
            let namespace = try NetworkNamespace.create()
            let source = "/proc/self/fd/\(namespace.rawDescriptor)"
            guard mount(source, path, "none", UInt(MS_BIND), nil) == 0 else {
                throw .lastCall("mount of network namespace \(name)")
            }
            return namespace
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Takes the name away; the namespace ends when nothing else holds it.
    package static func delete(_ name: String) throws(SystemError) {
        try check(name)
        let path = path(name)
        // EINVAL: the file is there but nothing is mounted on it, as after a crash in `create`.
        guard umount2(path, Int32(MNT_DETACH)) == 0 || errno == EINVAL else {
            throw .lastCall("unmount of network namespace \(name)")
        }
        guard unlink(path) == 0 else { throw .lastCall("removal of network namespace \(name)") }
    }

    private static func check(_ name: String) throws(SystemError) {
        guard !name.isEmpty, !name.contains("/"), name != ".", name != ".." else {
            throw SystemError(errno: EINVAL, operation: "network namespace name '\(name)'")
        }
    }

    /// As `ip netns` does it: the directory is a shared mount, so that a name made in one mount namespace is seen, and
    /// can be deleted, in all.
    private static func prepareDirectory() throws(SystemError) {
        guard mkdir(directory, 0o755) == 0 || errno == EEXIST else { throw .lastCall("mkdir \(directory)") }
        if mount("", directory, "none", UInt(MS_SHARED | MS_REC), nil) == 0 { return }
        // EINVAL: it is not yet a mount of its own.
        guard errno == EINVAL,
            mount(directory, directory, "none", UInt(MS_BIND | MS_REC), nil) == 0,
            mount("", directory, "none", UInt(MS_SHARED | MS_REC), nil) == 0
        else { throw .lastCall("shared mount of \(directory)") }
    }
}
