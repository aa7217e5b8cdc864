extension ServiceProxy {
    /// What is wrong with objects now, by object. From any thread; waits for the sync thread to have applied what it has
    /// taken, and it never for this for longer than a list takes.
    package var problems: [ProxyProblem] {
        model.withLock { $0.ledger.current.values.flatMap { $0 } }
            .sorted { ($0.object, $0.message) < ($1.object, $1.message) }
    }
}
