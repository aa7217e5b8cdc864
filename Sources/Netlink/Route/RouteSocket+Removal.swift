import CLinux
import Glibc

extension RouteSocket {
    /// Deletes links, and returns when nobody finds them any more, in whichever namespace they or their other ends were.
    ///
    /// The kernel answers some 20 ms later: before it frees a link it waits, no longer with the lock under which links are found, for all
    /// who may still look at it (`netdev_run_todo` of net/core/dev.c). A child process does that waiting.
    ///
    /// - Parameters:
    ///   - request: What deletes them.
    ///   - indexes: Theirs.
    /// - Throws: `NetlinkError`, as `perform(_:)`.
    package mutating func remove(_ request: RouteRequest, of indexes: [Int32]) throws(NetlinkError) {
        let buffer = MessageBuffer()
        request.append(to: buffer)
        _ = buffer.number(from: 1)
        let socket = try NetlinkSocket(family: NETLINK_ROUTE, receiveBufferByteCount: 1 << 16)
        guard let child = ChildSender(socket, buffer) else { return try perform(request) }
        let links = indexes.map { LinkReference.index($0) }
        var pause: UInt64 = 50_000
        // A question waits for the lock, and so for what the child has begun.
        while try !perform([], reading: links).allSatisfy({ $0 == nil }) {
            // It was refused, and told nobody; or somebody has killed it.
            if child.hasEnded() { return try perform(request) }
            MonotonicClock.pause(nanoseconds: pause)
            pause = min(pause * 2, 5_000_000)
        }
    }
}
