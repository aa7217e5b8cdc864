import Glibc

/// Kernel parameters under /proc/sys. Those below `net` are of the calling thread's network namespace.
package enum Sysctl {
    /// The value of, say, "net.ipv4.ip_forward", without the newline.
    ///
    /// A name that has a slash is a path, as with sysctl(8): "net/ipv4/conf/eth0.100/forwarding".
    ///
    /// - Parameter root: Where the name is looked for: /sys and /proc/self have parameters of the same form.
    package static func read(_ name: String, under root: String = "/proc/sys") throws(SystemError) -> String {
        let file = try open(name, O_RDONLY, root)
        var value: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while let length = try file.read(into: &part, "read of sysctl \(name)"), length > 0 {
            value += part[..<length]
            // The last line of a value that is shorter than its page.
            if length < part.count, value.last == UInt8(ascii: "\n") { break }
        }
        if value.last == UInt8(ascii: "\n") { value.removeLast() }
        return String(decoding: value, as: UTF8.self)
    }

    /// Sets a value; names are as with `read`.
    package static func write(_ name: String, _ value: String, under root: String = "/proc/sys") throws(SystemError) {
        let file = try open(name, O_WRONLY | O_TRUNC, root)
        let number = file.rawValue
        let bytes = [UInt8](value.utf8)
        // One call: the kernel takes a write as the whole value.
        let written = retryingInterrupted { Glibc.write(number, bytes, bytes.count) }
        guard written == bytes.count else { throw .lastCall("sysctl \(name) = \(value)") }
    }

    private static func open(_ name: String, _ flags: Int32, _ root: String) throws(SystemError) -> OwnedDescriptor {
        // Bytes, not characters: the plugin sets some for each pod.
        let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
        var bytes = Array(name.utf8)
        if !bytes.contains(slash) {
            for index in bytes.indices where bytes[index] == dot { bytes[index] = slash }
        }
        for part in bytes.split(separator: slash, omittingEmptySubsequences: false) {
            // No empty part, none that leads elsewhere.
            guard !part.isEmpty, part.count > 2 || part.contains(where: { $0 != dot }) else {
                throw SystemError(errno: EINVAL, operation: "sysctl \(name)")
            }
        }
        let path = root + "/" + String(decoding: bytes, as: UTF8.self)
        return try OwnedDescriptor(checking: Glibc.open(path, flags | O_CLOEXEC), "open of sysctl \(name)")
    }
}
