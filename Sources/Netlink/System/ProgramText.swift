import Glibc

/// The program's code in memory.
package enum ProgramText {
    /// Takes the code out of the process's page table; what runs comes back with its next use, from the page cache. The kernel
    /// maps 16 pages where one is touched, so that after a start two thirds of 55 MB are mapped, most for code that ran
    /// once or never. Takes less than a millisecond, and as much again for what comes back.
    ///
    /// - Returns: how many bytes of code there are; 0 where that is not known.
    @discardableResult
    package static func release() -> Int {
        guard let maps = try? FileContents.read("/proc/self/maps", limitBytes: 1 << 20) else { return 0 }
        var byteCount = 0
        for range in ranges(inMaps: String(decoding: maps, as: UTF8.self)) {
            // Nobody writes to code: what the file has is what was there.
            guard madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED) == 0 else {
                continue
            }
            byteCount += range.count
        }
        return byteCount
    }

    /// The mappings of files that can be executed and not written to, of a text in the format of `/proc/self/maps` (proc(5)).
    static func ranges(inMaps text: String) -> [Range<UInt>] {
        text.split(separator: "\n").compactMap { line in
            // Start and end, rights, offset, device, inode, path.
            let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            guard fields.count == 6, fields[1] == "r-xp", fields[5].drop(while: { $0 == " " }).hasPrefix("/") else {
                return nil
            }
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
            return bounds[0]..<bounds[1]
        }
    }
}
