import Synchronization

/// What waits for the journal: while one batch is being written the next one gathers.
final class CommitQueue: Sendable {
    enum Work: Sendable {
        case transaction(Transaction)
        case compaction(Revision)
        case closing
    }

    struct Request: Sendable {
        let work: Work
        let continuation: CheckedContinuation<Result<CommitResult, StorageError>, Never>
    }

    private struct State {
        var waiting: [Request] = []
        /// A batch is with the journal, or about to be.
        var isBusy = false
        var isGathering = false
        /// How many requests are likely to come before long: as many as were in hand last.
        var expected = 1

        mutating func next() -> Step {
            guard !isBusy, !waiting.isEmpty else { return .nothing }
            if waiting.count >= expected {
                isBusy = true
                return .start
            }
            guard !isGathering else { return .nothing }
            isGathering = true
            return .gather
        }

        mutating func endGathering() -> Step {
            isGathering = false
            guard !isBusy, !waiting.isEmpty else { return .nothing }
            isBusy = true
            return .start
        }
    }

    private enum Step {
        case nothing
        case start
        case gather
    }

    /// Beyond so many a batch is not waited for.
    private static let expectedLimit = 64
    /// How long a batch waits for those that are likely to come. Callers who have just been answered come back at once;
    /// without a wait the first of them would have a batch, and a sync of the disk, of its own.
    private static let gatheringTime: Duration = .microseconds(300)

    private let state = Mutex(State())

    /// Adds a request; `start` is called when a batch is to be taken.
    func add(_ request: Request, start: @escaping @Sendable () -> Void) {
        proceed(
            state.withLock { state in
                state.waiting.append(request)
                return state.next()
            }, start)
    }

    /// The requests of a batch.
    func take() -> [Request] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    /// Called when a batch has been answered; `start` is called when the next one is to be taken.
    func finish(_ count: Int, start: @escaping @Sendable () -> Void) {
        proceed(
            state.withLock { state in
                state.isBusy = false
                state.expected = min(count + state.waiting.count, Self.expectedLimit)
                return state.next()
            }, start)
    }

    private func proceed(_ step: Step, _ start: @escaping @Sendable () -> Void) {
        switch step {
        case .nothing: break
        case .start: start()
        case .gather:
            Task {
                // Nobody cancels this task.
                try? await Task.sleep(for: Self.gatheringTime)
                proceed(state.withLock { $0.endGathering() }, start)
            }
        }
    }
}
