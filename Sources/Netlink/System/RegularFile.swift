import CLinux
import Glibc

/// An open regular file, read and written at positions. (`pread`, `pwrite`: a position is part of each call, so that there is none
/// to share.)
package struct RegularFile: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor
    /// For errors.
    private let name: String

    init(_ descriptor: consuming OwnedDescriptor, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// The file's length.
    package func byteCount() throws(SystemError) -> Int {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw .lastCall("fstat of \(name)") }
        return Int(status.st_size)
    }

    /// The bytes from `position` on; fewer than `byteCount` only where the file ends.
    package func read(at position: Int, byteCount: Int) throws(SystemError) -> [UInt8] {
        try read(at: position, count: byteCount, of: UInt8.self)
    }

    /// The 32-bit words, in this machine's byte order, from `position` on; fewer than `wordCount` only where the file ends.
    package func read(at position: Int, wordCount: Int) throws(SystemError) -> [UInt32] {
        try read(at: position, count: wordCount, of: UInt32.self)
    }

    private func read<Number: FixedWidthInteger>(
        at position: Int, count: Int, of type: Number.Type
    ) throws(SystemError) -> [Number] {
        let number = descriptor.rawValue
        let size = MemoryLayout<Number>.size
        var numbers = [Number](repeating: 0, count: count)
        var done = 0
        while done < count * size {
            let length = numbers.withUnsafeMutableBytes { bytes in
                retryingInterrupted {
                    pread(number, bytes.baseAddress?.advanced(by: done), bytes.count - done, position + done)
                }
            }
            guard length >= 0 else { throw .lastCall("read of \(name)") }
            if length == 0 { break }
            done += length
        }
        numbers.removeLast(count - done / size)
        return numbers
    }

    /// Writes all of `bytes` at `position`, and makes the file longer if need be.
    package func write(_ bytes: [UInt8], at position: Int) throws(SystemError) {
        let number = descriptor.rawValue
        var done = 0
        while done < bytes.count {
            let length = bytes.withUnsafeBytes { bytes in
                retryingInterrupted {
                    pwrite(number, bytes.baseAddress?.advanced(by: done), bytes.count - done, position + done)
                }
            }
            guard length > 0 else { throw .lastCall("write of \(name)") }
            done += length
        }
    }

    /// Makes what has been written durable (fdatasync(2)).
    package func synchronizeData() throws(SystemError) {
        guard fdatasync(descriptor.rawValue) == 0 else { throw .lastCall("fdatasync of \(name)") }
    }

    /// Cuts the file off, or makes it longer with zeros that take no space.
    package func setByteCount(_ count: Int) throws(SystemError) {
        guard ftruncate(descriptor.rawValue, count) == 0 else { throw .lastCall("ftruncate of \(name)") }
    }

    /// The next run of bytes, from `position` on, that is not a hole (lseek(2), `SEEK_DATA`); nil when there is none. Holes read as
    /// zeros. A file system that knows no holes answers with all that follows.
    package func data(from position: Int) throws(SystemError) -> Range<Int>? {
        let start = lseek(descriptor.rawValue, position, SEEK_DATA)
        // ENXIO: nothing but a hole up to the end, or `position` is behind that.
        if start < 0, errno == ENXIO { return nil }
        guard start >= 0 else { throw .lastCall("lseek of \(name)") }
        let end = lseek(descriptor.rawValue, start, SEEK_HOLE)
        guard end >= start else { throw .lastCall("lseek of \(name)") }
        return Int(start)..<Int(end)
    }

    /// Waits for the exclusive lock of flock(2), which the kernel frees when the file is closed or the process dies.
    package func lock() throws(SystemError) { try descriptor.lock(name) }
}
