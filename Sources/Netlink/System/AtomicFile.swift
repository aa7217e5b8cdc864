import CLinux
import Glibc

/// Files that others see either as they were or as they are meant to be, also after a loss of power.
package enum AtomicFile {
    /// Writes a file under another name in the same folder, and renames it. Processes that have the old file open keep it.
    ///
    /// - Parameter permissions: Of the new file, whatever the process's mask is.
    package static func write(_ bytes: [UInt8], to path: String, permissions: UInt32) throws(SystemError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        // A dot: runtimes and run-parts pass by such names.
        let temporary = "\(folder).\(name).\(getpid())"
        do throws(SystemError) {
            try create(temporary, bytes, permissions)
            guard rename(temporary, path) == 0 else { throw .lastCall("rename of \(temporary) to \(path)") }
        } catch {
            unlink(temporary)
            throw error
        }
        let directory = try OwnedDescriptor(
            checking: open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open of \(folder)")
        guard fsync(directory.rawValue) == 0 else { throw .lastCall("fsync of \(folder)") }
    }

    private static func create(_ path: String, _ bytes: [UInt8], _ permissions: UInt32) throws(SystemError) {
        // One of a process of the same number that was killed.
        unlink(path)
        let file = try OwnedDescriptor(
            checking: open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600), "open of \(path)")
        let number = file.rawValue
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { rest in
                retryingInterrupted { Glibc.write(number, rest.baseAddress, rest.count) }
            }
            guard count > 0 else { throw .lastCall("write of \(path)") }
            rest = rest.dropFirst(count)
        }
        guard fchmod(number, permissions) == 0, fsync(number) == 0 else { throw .lastCall("write of \(path)") }
    }
}
