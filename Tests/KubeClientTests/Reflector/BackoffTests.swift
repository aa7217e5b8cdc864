import TestSupport
import Testing

@testable import KubeClient

@Suite("Pauses after failures")
struct BackoffTests {
    @Test("double from 800 ms to 30 s, with up to as much again at random", arguments: (1...20).map(UInt64.init))
    func growth(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var backoff = Backoff()
        for base in [0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30] {
            let pause = backoff.next(using: &generator)
            #expect(pause >= .seconds(base) && pause < .seconds(base * 2))
        }
    }

    @Test("differ from node to node")
    func jitter() {
        let pauses = (1...100 as ClosedRange<UInt64>).map { seed -> Duration in
            var generator = SeededGenerator(seed: seed)
            var backoff = Backoff()
            return backoff.next(using: &generator)
        }
        #expect(Set(pauses).count > 95)
        #expect((pauses.min() ?? .zero) < .milliseconds(900))
        #expect((pauses.max() ?? .zero) > .milliseconds(1500))
    }

    @Test("are exact without jitter, and begin anew when told to")
    func reset() {
        var generator = SeededGenerator(seed: 1)
        var backoff = Backoff(start: .seconds(1), factor: 3, maximum: .seconds(5), jitter: 0)
        #expect((1...4).map { _ in backoff.next(using: &generator) } == [1, 3, 5, 5].map { Duration.seconds($0) })
        backoff.reset()
        #expect(backoff.next(using: &generator) == .seconds(1))
    }
}
