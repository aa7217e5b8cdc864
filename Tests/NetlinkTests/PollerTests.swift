import CLinux
import Glibc
import Netlink
import Synchronization
import Testing

/// What a thread waits with.
@Suite struct PollerTests {
    @Test func signalWakesAWaitingThread() throws {
        let event = try EventFD()
        var poller = try Poller()
        try poller.add(event, token: 7)
        #expect(try poller.wait(timeoutMilliseconds: 0) == [])
        let descriptor = event.rawDescriptor
        let thread = try NamedThread(name: "signal") { eventfd_write(descriptor, 1) }
        #expect(try poller.wait(timeoutMilliseconds: 10_000) == [7])
        thread.join()
        event.signal()
        // Level-triggered until it is drained, and signals add up to one.
        #expect(try poller.wait(timeoutMilliseconds: 0) == [7])
        let drained = [event.drain(), event.drain()]
        #expect(drained == [true, false])
        #expect(try poller.wait(timeoutMilliseconds: 0) == [])
    }

    @Test func readyTokensOfSeveralSources() throws {
        let first = try EventFD()
        let second = try EventFD()
        var poller = try Poller()
        try poller.add(first, token: 1)
        try poller.add(second, token: .max)
        first.signal()
        second.signal()
        #expect(try Set(poller.wait(timeoutMilliseconds: 0)) == [1, .max])
        try poller.remove(first)
        #expect(try poller.wait(timeoutMilliseconds: 0) == [.max])
        let error = #expect(throws: SystemError.self) { try poller.remove(first) }
        #expect(error?.errno == ENOENT)
    }

    @Test func timerExpiresOnce() throws {
        let timer = try TimerFD()
        var poller = try Poller()
        try poller.add(timer, token: 1)
        let start = MonotonicClock.nanoseconds
        try timer.arm(afterNanoseconds: 2_000_000)
        #expect(try !timer.drain())
        #expect(try poller.wait(timeoutMilliseconds: 10_000) == [1])
        #expect(MonotonicClock.nanoseconds - start >= 2_000_000)
        #expect(try timer.drain())
        #expect(try !timer.drain())
        try timer.arm(afterNanoseconds: 0)
        #expect(try poller.wait(timeoutMilliseconds: 10_000) == [1])
        try timer.disarm()
        #expect(try poller.wait(timeoutMilliseconds: 0) == [])
    }

    @Test func waitLastsItsTime() throws {
        var poller = try Poller()
        let start = MonotonicClock.nanoseconds
        #expect(try poller.wait(timeoutMilliseconds: 5) == [])
        #expect(MonotonicClock.nanoseconds - start >= 5_000_000)
    }

    @Test func threadHasItsNameAndIsJoined() throws {
        let name = Mutex("")
        try withoutActuallyEscaping({ (text: String) in name.withLock { $0 = text } }) { set in
            nonisolated(unsafe) let set = set
            let thread = try NamedThread(name: "a-name-of-more-than-15-bytes") {
                var buffer = [UInt8](repeating: 0, count: 16)
                let file = open("/proc/thread-self/comm", O_RDONLY)
                let length = read(file, &buffer, buffer.count)
                close(file)
                set(String(decoding: buffer[..<max(length, 0)], as: UTF8.self))
            }
            thread.join()
        }
        #expect(name.withLock { $0 } == "a-name-of-more-\n")
    }
}
