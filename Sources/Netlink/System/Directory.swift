import CLinux
import Glibc

/// An open directory. What is done in it is done in this one, even when its path leads to another by now.
package struct Directory: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor
    /// For errors.
    private let path: String

    private init(_ descriptor: consuming OwnedDescriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens a directory; nil when there is none.
    package static func open(_ path: String) throws(SystemError) -> Directory? {
        let number = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if number < 0, errno == ENOENT { return nil }
        return Directory(try OwnedDescriptor(checking: number, "open of directory \(path)"), path: path)
    }

    /// Makes a directory and those above it, for their owner alone, where they lack.
    package static func make(_ path: String) throws(SystemError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .lastCall("mkdir \(path)")
        }
        try make(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .lastCall("mkdir \(path)") }
    }

    /// Waits for the exclusive lock of flock(2), which the kernel frees when the directory is closed or the process dies.
    package func lock() throws(SystemError) { try descriptor.lock(path) }

    /// Makes its names durable: files that were made in it, renamed, removed (fsync(2)).
    package func synchronize() throws(SystemError) {
        guard fsync(descriptor.rawValue) == 0 else { throw .lastCall("fsync of directory \(path)") }
    }

    /// Removes a file; nothing happens where there is none.
    package func removeFile(_ name: String) throws(SystemError) {
        guard unlinkat(descriptor.rawValue, name, 0) == 0 || errno == ENOENT else {
            throw .lastCall("unlink of \(path)/\(name)")
        }
    }

    /// Opens a file for reading and writing; nil when there is none and none is to be made. A symbolic link is not followed.
    package func openFile(_ name: String, creating: Bool = false) throws(SystemError) -> RegularFile? {
        // O_NONBLOCK: a FIFO of that name is an error later, and no wait here.
        let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (creating ? O_CREAT : 0)
        let number = openat(descriptor.rawValue, name, flags, 0o600)
        if number < 0, errno == ENOENT, !creating { return nil }
        let file = try OwnedDescriptor(checking: number, "open of \(path)/\(name)")
        return RegularFile(file, name: "\(path)/\(name)")
    }

    /// Opens a directory in this one; nil when there is none.
    package func openDirectory(_ name: String) throws(SystemError) -> Directory? {
        let number = openat(descriptor.rawValue, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        if number < 0, errno == ENOENT { return nil }
        let path = "\(path)/\(name)"
        return Directory(try OwnedDescriptor(checking: number, "open of directory \(path)"), path: path)
    }

    /// Makes a directory in this one, for its owner alone.
    package func makeDirectory(_ name: String) throws(SystemError) {
        guard mkdirat(descriptor.rawValue, name, 0o700) == 0 else { throw .lastCall("mkdir \(path)/\(name)") }
    }

    /// The names of what is in it but `.` and `..`, in no order.
    package func names() throws(SystemError) -> [String] {
        // A descriptor of its own: the position of reading belongs to it, and `closedir` closes it.
        let number = openat(descriptor.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw .lastCall("open of directory \(path)") }
        guard let stream = fdopendir(number) else {
            let error = SystemError.lastCall("fdopendir of \(path)")
            close(number)
            throw error
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            // The name is longer or shorter than the field that the header declares for it.
            let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
            let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            names.append(String(cString: start))
        }
        guard errno == 0 else { throw .lastCall("readdir of \(path)") }
        return names.filter { $0 != "." && $0 != ".." }
    }

    /// Gives a file another name, in place of the one that has it; nobody sees a moment in between.
    package func rename(_ name: String, to newName: String) throws(SystemError) {
        guard renameat(descriptor.rawValue, name, descriptor.rawValue, newName) == 0 else {
            throw .lastCall("rename of \(path)/\(name) to \(newName)")
        }
    }

    /// Removes a directory of files with what is in it.
    package func removeDirectory(_ name: String) throws(SystemError) {
        guard let directory = try openDirectory(name) else { return }
        for file in try directory.names() {
            guard unlinkat(directory.descriptor.rawValue, file, 0) == 0 || errno == ENOENT else {
                throw .lastCall("unlink of \(directory.path)/\(file)")
            }
        }
        guard unlinkat(descriptor.rawValue, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
            throw .lastCall("rmdir \(path)/\(name)")
        }
    }
}
