import Net
import Testing

@testable import Dataplane

@Suite struct CheckAgendaTests {
    private func check(_ port: UInt16) -> FlowCheck {
        FlowCheck(frontends: [Frontend(address: nil, port: port, protocol: .udp, family: .ipv4)])
    }

    @Test("A change is looked at at once, and once more a while later")
    func secondLook() throws {
        var agenda = CheckAgenda()
        #expect(agenda.nextNanoseconds == nil)
        agenda.add(check(1))
        agenda.add(check(2))
        let firstDue = agenda.takeDue(at: 1000)
        let first = try #require(firstDue)
        #expect(first.check.frontends.count == 2)
        agenda.finished(first, failed: false, start: 1000, end: 2000)
        let due = 2000 + CheckAgenda.secondLookNanoseconds
        #expect(agenda.nextNanoseconds == due)
        let early = agenda.takeDue(at: due - 1)
        #expect(early == nil)
        let secondDue = agenda.takeDue(at: due)
        let second = try #require(secondDue)
        #expect(second.check == first.check)
        agenda.finished(second, failed: false, start: due, end: due)
        #expect(agenda.nextNanoseconds == nil)
    }

    @Test("What failed is tried again, with its second look")
    func retry() throws {
        var agenda = CheckAgenda()
        agenda.add(check(1))
        let firstDue = agenda.takeDue(at: 0)
        let first = try #require(firstDue)
        agenda.finished(first, failed: true, start: 0, end: 0)
        #expect(agenda.nextNanoseconds == CheckAgenda.retryNanoseconds)
        let againDue = agenda.takeDue(at: CheckAgenda.retryNanoseconds)
        let again = try #require(againDue)
        #expect(again.check == first.check)
        agenda.finished(again, failed: false, start: CheckAgenda.retryNanoseconds, end: CheckAgenda.retryNanoseconds)
        #expect(agenda.nextNanoseconds == CheckAgenda.retryNanoseconds + CheckAgenda.secondLookNanoseconds)
    }

    @Test("What fails again and again is tried less and less often, and after a success soon again")
    func backOff() throws {
        var agenda = CheckAgenda()
        var now: UInt64 = 0
        agenda.add(check(1))
        for attempt in 0..<10 {
            let take = agenda.takeDue(at: now)
            agenda.finished(try #require(take), failed: true, start: now, end: now)
            let next = try #require(agenda.nextNanoseconds)
            #expect(next - now == CheckAgenda.retryNanoseconds << UInt64(min(attempt, 6)))
            now = next
        }
        let take = agenda.takeDue(at: now)
        agenda.finished(try #require(take), failed: false, start: now, end: now)
        #expect(agenda.nextNanoseconds == now + CheckAgenda.secondLookNanoseconds)
        agenda.add(check(2))
        let other = agenda.takeDue(at: now)
        agenda.finished(try #require(other), failed: true, start: now, end: now)
        now += CheckAgenda.retryNanoseconds
        let retried = agenda.takeDue(at: now)
        #expect(retried?.check.frontends.isEmpty == false)
    }

    @Test("Under changes without a pause, looks take at most half of the time and none is put off for ever")
    func noPause() throws {
        var agenda = CheckAgenda()
        var (now, busy): (UInt64, UInt64) = (0, 0)
        var seen: [FlowCheck] = []
        for port in 1...1000 {
            agenda.add(check(UInt16(port)))
            now += 1_000_000
            guard let due = agenda.takeDue(at: now) else { continue }
            seen.append(due.check)
            agenda.finished(due, failed: false, start: now, end: now + 3_000_000)
            busy += 3_000_000
        }
        #expect(busy * 2 <= now + 6_000_000)
        // Each but the last few twice.
        for port in 1...800 {
            let frontend = try #require(check(UInt16(port)).frontends.first)
            #expect(seen.count { $0.frontends.contains(frontend) } >= 2)
        }
    }
}
