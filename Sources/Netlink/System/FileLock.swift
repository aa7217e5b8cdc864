import CLinux
import Glibc

/// A file that at most one process has locked: it holds the number of that process. The kernel frees the lock when the
/// process dies, whatever the way; the file stays.
package struct FileLock: ~Copyable, Sendable {
    /// Why the lock was not taken.
    package enum Failure: Error, Hashable, Sendable {
        /// Another has it; its process id is nil where the file does not tell.
        case held(processID: Int32?)
        case system(SystemError)
    }

    private let descriptor: OwnedDescriptor

    /// Takes the lock, and makes the file, for its owner alone, where it lacks. Does not wait.
    package init(path: String) throws(Failure) { descriptor = try Self.take(path) }

    /// Closing the file is not enough: a child that is being started has it open, too, until it becomes its program.
    deinit { _ = flock(descriptor.rawValue, LOCK_UN) }

    private static func take(_ path: String) throws(Failure) -> OwnedDescriptor {
        let file = try open(path)
        let number = file.rawValue
        guard retryingInterrupted({ Int(flock(number, LOCK_EX | LOCK_NB)) }) == 0 else {
            guard errno == EWOULDBLOCK else { throw .system(.lastCall("flock of \(path)")) }
            throw .held(processID: holder(number))
        }
        let text = Array("\(getpid())\n".utf8)
        let length = text.withUnsafeBytes { pwrite(number, $0.baseAddress, $0.count, 0) }
        // The number is for messages: a full disk must not keep a store from being read.
        if length == text.count { _ = ftruncate(number, text.count) }
        return file
    }

    private static func open(_ path: String) throws(Failure) -> OwnedDescriptor {
        let number = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        do throws(SystemError) { return try OwnedDescriptor(checking: number, "open of \(path)") } catch {
            throw .system(error)
        }
    }

    private static func holder(_ number: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let length = bytes.withUnsafeMutableBytes { pread(number, $0.baseAddress, $0.count, 0) }
        guard length > 0 else { return nil }
        return Int32(String(decoding: bytes[..<length].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
