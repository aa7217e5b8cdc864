import CLinux
import Glibc

/// Waits for several descriptors at once (`epoll`, level-triggered). It has one owner.
package struct Poller: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor
    private var sourceCount = 0

    package init() throws(SystemError) {
        descriptor = try OwnedDescriptor(checking: epoll_create1(Int32(EPOLL_CLOEXEC)), "epoll_create1")
    }

    /// Waits from now on until `source` can be read; `wait` then returns `token`. The caller keeps the source alive,
    /// or removes it first.
    package mutating func add(_ source: borrowing some Pollable & ~Copyable, token: UInt64) throws(SystemError) {
        try add(rawDescriptor: source.rawDescriptor, token: token)
    }

    /// As `add(_:token:)` for a descriptor of another module.
    package mutating func add(rawDescriptor: Int32, token: UInt64) throws(SystemError) {
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(u64: token))
        guard epoll_ctl(descriptor.rawValue, EPOLL_CTL_ADD, rawDescriptor, &event) == 0 else {
            throw .lastCall("epoll_ctl add of descriptor \(rawDescriptor)")
        }
        sourceCount += 1
    }

    /// Stops waiting for a source.
    package mutating func remove(_ source: borrowing some Pollable & ~Copyable) throws(SystemError) {
        try remove(rawDescriptor: source.rawDescriptor)
    }

    /// As `remove(_:)` for a descriptor of another module.
    package mutating func remove(rawDescriptor: Int32) throws(SystemError) {
        guard epoll_ctl(descriptor.rawValue, EPOLL_CTL_DEL, rawDescriptor, nil) == 0 else {
            throw .lastCall("epoll_ctl delete of descriptor \(rawDescriptor)")
        }
        sourceCount -= 1
    }

    /// Waits until a source can be read, has failed or was hung up, and returns the tokens of all such; empty when the
    /// time is over.
    ///
    /// - Parameter timeoutMilliseconds: Nil waits without end, 0 does not wait.
    package mutating func wait(timeoutMilliseconds: Int? = nil) throws(SystemError) -> [UInt64] {
        let deadline = timeoutMilliseconds.map { MonotonicClock.nanoseconds + UInt64(max($0, 0)) * 1_000_000 }
        var events = [epoll_event](repeating: epoll_event(), count: max(sourceCount, 1))
        while true {
            let count = epoll_wait(descriptor.rawValue, &events, Int32(events.count), Self.milliseconds(to: deadline))
            if count >= 0 { return events[..<Int(count)].map { $0.data.u64 } }
            guard errno == EINTR else { throw .lastCall("epoll_wait") }
        }
    }

    /// Rounded up, so that the wait is not over before its time.
    private static func milliseconds(to deadline: UInt64?) -> Int32 {
        guard let deadline else { return -1 }
        let now = MonotonicClock.nanoseconds
        return now >= deadline ? 0 : Int32(clamping: (deadline - now + 999_999) / 1_000_000)
    }
}
