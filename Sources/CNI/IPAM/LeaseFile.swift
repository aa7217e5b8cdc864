import Netlink

/// A file in a `LeaseFolder`. A class, since an array of files has them; no two threads share one.
final class LeaseFile {
    private let file: RegularFile
    private let folder: LeaseFolder

    init(_ file: consuming RegularFile, in folder: LeaseFolder) {
        self.file = file
        self.folder = folder
    }

    func byteCount() throws(CNIError) -> Int {
        try folder.wrap { () throws(SystemError) in try file.byteCount() }
    }

    /// Bytes behind the file's end are zeros.
    func read(at position: Int, byteCount: Int) throws(CNIError) -> [UInt8] {
        var bytes = try folder.wrap { () throws(SystemError) in try file.read(at: position, byteCount: byteCount) }
        if bytes.count < byteCount { bytes += [UInt8](repeating: 0, count: byteCount - bytes.count) }
        return bytes
    }

    /// Words behind the file's end are zeros.
    func read(at position: Int, wordCount: Int) throws(CNIError) -> [UInt32] {
        var words = try folder.wrap { () throws(SystemError) in try file.read(at: position, wordCount: wordCount) }
        if words.count < wordCount { words += [UInt32](repeating: 0, count: wordCount - words.count) }
        return words
    }

    func write(_ bytes: [UInt8], at position: Int) throws(CNIError) {
        let allowed = folder.allowance(bytes.count)
        let part = allowed < bytes.count ? Array(bytes.prefix(allowed)) : bytes
        try folder.wrap { () throws(SystemError) in try file.write(part, at: position) }
        if allowed < bytes.count { throw LeaseFolder.interrupted }
    }

    func setByteCount(_ count: Int) throws(CNIError) {
        try folder.change { () throws(SystemError) in try file.setByteCount(count) }
    }

    func data(from position: Int) throws(CNIError) -> Range<Int>? {
        try folder.wrap { () throws(SystemError) in try file.data(from: position) }
    }
}
