import NIOCore
import Netlink
import Synchronization

/// Counts the lines of a watch as they come, with the time of the last; keeps those that have a mark, where one is given.
final class WatchLines: Sendable {
    struct Line: Sendable {
        let bytes: [UInt8]
        let nanoseconds: UInt64
    }

    private struct State {
        var partial: [UInt8] = []
        var count = 0
        var kept: [Line] = []
    }

    private let state = Mutex(State())
    private let mark: [UInt8]?
    private let heard: @Sendable (_ count: Int, _ nanoseconds: UInt64) -> Void

    /// - Parameters:
    ///   - mark: of the lines to keep.
    ///   - heard: is told of lines that came, how many there are now and when the last was read.
    init(keeping mark: String? = nil, heard: @escaping @Sendable (Int, UInt64) -> Void = { _, _ in }) {
        self.mark = mark.map { Array($0.utf8) }
        self.heard = heard
    }

    var count: Int { state.withLock(\.count) }
    var kept: [Line] { state.withLock(\.kept) }

    func take(_ bytes: ByteBuffer) {
        let now = MonotonicClock.nanoseconds
        let count = state.withLock { state -> Int? in
            var hasLine = false
            for byte in bytes.readableBytesView {
                if byte != UInt8(ascii: "\n") {
                    if mark != nil { state.partial.append(byte) }
                    continue
                }
                hasLine = true
                state.count += 1
                if let mark {
                    if Self.contains(state.partial, mark) {
                        state.kept.append(Line(bytes: state.partial, nanoseconds: now))
                    }
                    state.partial.removeAll(keepingCapacity: true)
                }
            }
            return hasLine ? state.count : nil
        }
        if let count { heard(count, now) }
    }

    private static func contains(_ bytes: [UInt8], _ mark: [UInt8]) -> Bool {
        guard bytes.count >= mark.count, let first = mark.first else { return false }
        for start in 0...bytes.count - mark.count where bytes[start] == first {
            if bytes[start..<start + mark.count].elementsEqual(mark) { return true }
        }
        return false
    }
}
