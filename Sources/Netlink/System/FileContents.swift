import Glibc

/// Small files, read whole.
package enum FileContents {
    /// - Throws: `SystemError`, with `EFBIG` when there is more than the limit.
    package static func read(_ path: String, limitBytes: Int) throws(SystemError) -> [UInt8] {
        let file = try OwnedDescriptor(checking: open(path, O_RDONLY | O_CLOEXEC), "open of \(path)")
        var content: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 14)
        while let count = try file.read(into: &part, "read of \(path)"), count > 0 {
            guard content.count + count <= limitBytes else {
                throw SystemError(errno: EFBIG, operation: "read of \(path)")
            }
            content += part[..<count]
        }
        return content
    }

    /// The file's length.
    package static func byteCount(_ path: String) throws(SystemError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .lastCall("stat of \(path)") }
        return Int(status.st_size)
    }

    /// Whether there is a file that this process may execute.
    package static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
