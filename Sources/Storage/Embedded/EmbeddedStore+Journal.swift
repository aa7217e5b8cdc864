import Synchronization

extension EmbeddedStore {
    /// So many events leave the journal together: a batch rarely pays for it.
    private static let forgottenBatchCount = 256

    func submit(_ work: CommitQueue.Work, to journal: any Journal) async throws(StorageError) -> CommitResult {
        let result = await withCheckedContinuation { continuation in
            queue.add(CommitQueue.Request(work: work, continuation: continuation)) { self.startBatch(journal) }
        }
        return try result.get()
    }

    private func startBatch(_ journal: any Journal) {
        journal.async { journal in
            let batch = self.queue.take()
            self.write(batch, to: journal)
            self.queue.finish(batch.count) { [weak self] in
                // Whoever waits holds the store.
                guard let self, let journal = self.journal else { return }
                self.startBatch(journal)
            }
        }
    }

    /// Writes, publishes and answers a batch, on the journal's thread.
    private func write(_ batch: [CommitQueue.Request], to journal: any JournalWriter) {
        var outcomes: [Result<CommitResult, StorageError>]
        do throws(StorageError) {
            guard !writer.withLock({ $0.isClosed }) else { throw .unavailable("the store is closed") }
            let events: [StorageEvent]
            (outcomes, events) = workOut(batch)
            try commit(events, to: journal)
        } catch {
            // What has been worked out rests on what is not there: not even a conflict may be told.
            outcomes = batch.map { _ in .failure(error) }
        }
        for (index, request) in batch.enumerated() {
            guard case .success = outcomes[index] else { continue }
            do throws(StorageError) {
                switch request.work {
                case .transaction: break
                case .compaction(let revision): try compact(to: revision, in: journal)
                case .closing: writer.withLock { $0.isClosed = true }
                }
            } catch { outcomes[index] = .failure(error) }
        }
        for (request, outcome) in zip(batch, outcomes) { request.continuation.resume(returning: outcome) }
    }

    /// Works out the transactions of a batch, each on top of those before it.
    private func workOut(
        _ batch: [CommitQueue.Request]
    ) -> (outcomes: [Result<CommitResult, StorageError>], events: [StorageEvent]) {
        let (pairs, revision) = state.withLock { ($0.pairs, $0.revision) }
        var draft = Draft(over: pairs, at: revision)
        var outcomes: [Result<CommitResult, StorageError>] = []
        for request in batch {
            do throws(StorageError) {
                if case .transaction(let transaction) = request.work {
                    outcomes.append(.success(try draft.add(transaction)))
                } else {
                    outcomes.append(.success(CommitResult(revision: draft.revision, events: [])))
                }
            } catch { outcomes.append(.failure(error)) }
        }
        return (outcomes, draft.events)
    }

    /// Makes events durable, then shows them.
    private func commit(_ events: [StorageEvent], to journal: any JournalWriter) throws(StorageError) {
        guard !events.isEmpty else { return }
        let forgotten = writer.withLock { $0.forgotten }
        let isForgetting = forgotten.count >= Self.forgottenBatchCount
        try journal.write(
            JournalEntry(
                events: events, forgotten: isForgetting ? forgotten : [],
                oldestRevision: isForgetting ? state.withLock { $0.oldestRevision } : nil))
        let dropped = state.withLock { $0.publish(events) }
        writer.withLock { $0.forgotten = (isForgetting ? [] : forgotten) + dropped }
    }

    private func compact(to revision: Revision, in journal: any JournalWriter) throws(StorageError) {
        let (dropped, oldest) = try state.withLock { (state) throws(StorageError) in
            (try state.compact(to: revision), state.oldestRevision)
        }
        let forgotten = writer.withLock { writer in
            writer.forgotten += dropped
            return writer.forgotten
        }
        try journal.write(JournalEntry(events: [], forgotten: forgotten, oldestRevision: oldest))
        writer.withLock { $0.forgotten = [] }
    }
}
