import Dataplane
import Synchronization
import TestSupport

/// What goes wrong between a sync thread and its back end, at random.
final class Faults: Sendable {
    enum Fault {
        /// The kernel refuses and keeps what it has.
        case refused
        /// The kernel does it, and the acknowledgement is lost.
        case unacknowledged
    }

    private struct State {
        var random: SeededGenerator
        var percent: Int
        var count = 0
    }

    private let state: Mutex<State>

    /// - Parameter percent: how many of a hundred commits fail.
    init(seed: UInt64, percent: Int) {
        state = Mutex(State(random: SeededGenerator(seed: seed), percent: percent))
    }

    /// How many there were.
    var count: Int { state.withLock { $0.count } }

    /// From now on nothing goes wrong.
    func end() { state.withLock { $0.percent = 0 } }

    func next() -> Fault? {
        state.withLock { state in
            guard Int.random(in: 0..<100, using: &state.random) < state.percent else { return nil }
            state.count += 1
            return Bool.random(using: &state.random) ? .refused : .unacknowledged
        }
    }
}

/// A back end with faults.
struct FaultyBackend<Backend: DataplaneBackend & ~Copyable & Sendable>: DataplaneBackend, ~Copyable, Sendable {
    private var backend: Backend
    private let faults: Faults

    init(_ backend: consuming Backend, _ faults: Faults) {
        self.backend = backend
        self.faults = faults
    }

    mutating func commit(_ dirty: Dirty, desired: borrowing DesiredState) throws(CommitFailure) -> CommitReport {
        switch faults.next() {
        case nil: return try backend.commit(dirty, desired: desired)
        case .refused: throw Self.failure("refused by a test")
        case .unacknowledged:
            _ = try backend.commit(dirty, desired: desired)
            throw Self.failure("acknowledgement lost by a test")
        }
    }

    var newsDescriptor: Int32? { backend.newsDescriptor }
    mutating func heal() -> RepairOutcome { backend.heal() }
    mutating func isIntact(_ name: ServicePortName) -> Bool { backend.isIntact(name) }
    mutating func beginVerification(isUrgent: Bool) { backend.beginVerification(isUrgent: isUrgent) }
    mutating func verify(forNanoseconds budget: UInt64) -> VerificationStep {
        backend.verify(forNanoseconds: budget)
    }

    private static func failure(_ description: String) -> CommitFailure {
        CommitFailure(servicePort: nil, description: description, retryMilliseconds: 1)
    }
}
