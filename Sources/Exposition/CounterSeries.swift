import Metrics
import Synchronization

/// A number that only grows.
final class CounterSeries: CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<UInt64>(0)
    private let rest = Mutex(0.0)

    var value: Double { Double(whole.load(ordering: .relaxed)) + rest.withLock { $0 } }

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        rest.withLock { $0 += amount }
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        rest.withLock { $0 = 0 }
    }
}
