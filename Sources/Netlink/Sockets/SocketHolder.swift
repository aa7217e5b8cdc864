import Glibc

/// A process that has a socket open.
package struct SocketHolder: Hashable, Sendable, CustomStringConvertible {
    package let processID: Int32
    /// At most 15 bytes (/proc/PID/comm).
    package let name: String

    /// `nginx (pid 123)`.
    package var description: String { "\(name) (pid \(processID))" }

    /// Looks for the socket through all processes under /proc, of which those of other users are seen by root only; nil when
    /// none of them has it.
    package static func find(inode: UInt32) -> SocketHolder? {
        let target = "socket:[\(inode)]"
        for process in entries("/proc") {
            guard let processID = Int32(process) else { continue }
            let descriptors = "/proc/\(process)/fd"
            guard entries(descriptors).contains(where: { link("\(descriptors)/\($0)") == target }) else { continue }
            let name = (try? Sysctl.read("comm", under: "/proc/\(process)")) ?? "a process"
            return SocketHolder(processID: processID, name: name)
        }
        return nil
    }

    private static func entries(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.first != "." { names.append(name) }
        }
        return names
    }

    private static func link(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 64)
        let length = bytes.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { readlink(path, $0, text.count) } ?? -1
            }
        }
        return length < 0 ? nil : String(decoding: bytes.prefix(length), as: UTF8.self)
    }
}
