/// A look at SQLite's write-ahead log before SQLite reads it (https://www.sqlite.org/fileformat2.html#walformat).
///
/// SQLite takes the first frame that does not match its checksum for the end of the log: right after a loss of power,
/// where the last commit may be half written, but a silent loss of commits where the disk has damaged an older one.
/// Every commit is synced before the next one is written: a frame that is damaged although a later commit follows was
/// durable once.
struct WriteAheadLog {
    private static let headerLength = 32
    private static let frameHeaderLength = 24

    private let bytes: [UInt8]
    private let isBigEndian: Bool
    private let frameLength: Int

    private struct Checksum: Equatable {
        var first: UInt32 = 0
        var second: UInt32 = 0
    }

    /// What is damaged in the log; nil where nothing is.
    static func damage(in bytes: [UInt8]) -> String? {
        // A header that is cut off has no frames, and nothing has been committed by it.
        guard bytes.count > headerLength else { return nil }
        guard let log = WriteAheadLog(bytes) else { return "the header of the write-ahead log is damaged" }
        return log.damagedFrame.map { "frame \($0 + 1) of the write-ahead log is damaged, and later commits follow it" }
    }

    private init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        isBigEndian = bytes[3] & 1 == 1
        let pageSize = bytes[8..<12].reduce(0) { $0 << 8 | Int($1) }
        frameLength = Self.frameHeaderLength + pageSize
        guard word(0) | 1 == 0x377F_0683, pageSize >= 512, pageSize <= 65536, pageSize.nonzeroBitCount == 1,
            checksum(Checksum(), 0..<24) == storedChecksum(at: 24)
        else { return nil }
    }

    /// The first frame that does not match its checksum, where a commit of the same log and frames behind that follow.
    private var damagedFrame: Int? {
        var damaged: Int?
        var isCommitSeen = false
        var previous = storedChecksum(at: 24)
        for frame in 0..<((bytes.count - Self.headerLength) / frameLength) {
            let start = Self.headerLength + frame * frameLength
            // The log is written anew from its start: frames with other salts are older.
            let isOfThisLog = (8..<16).allSatisfy { bytes[start + $0] == bytes[16 + $0 - 8] }
            let page = (start + Self.frameHeaderLength)..<(start + frameLength)
            let stored = storedChecksum(at: start + 16)
            let isIntact =
                isOfThisLog && checksum(checksum(previous, start..<(start + 8)), page) == stored
            previous = stored
            if isIntact, isCommitSeen { return damaged }
            if !isIntact, damaged == nil { damaged = frame }
            if damaged != nil, isOfThisLog, word(start + 4) != 0 { isCommitSeen = true }
        }
        return nil
    }

    private func word(_ offset: Int) -> UInt32 {
        UInt32(bytes[offset]) << 24 | UInt32(bytes[offset + 1]) << 16 | UInt32(bytes[offset + 2]) << 8
            | UInt32(bytes[offset + 3])
    }

    private func storedChecksum(at offset: Int) -> Checksum {
        Checksum(first: word(offset), second: word(offset + 4))
    }

    /// Goes on with a checksum over a multiple of eight bytes.
    private func checksum(_ start: Checksum, _ range: Range<Int>) -> Checksum {
        var (first, second) = (start.first, start.second)
        for offset in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            let (left, right) = (word(offset), word(offset + 4))
            first = first &+ (isBigEndian ? left : left.byteSwapped) &+ second
            second = second &+ (isBigEndian ? right : right.byteSwapped) &+ first
        }
        return Checksum(first: first, second: second)
    }
}
