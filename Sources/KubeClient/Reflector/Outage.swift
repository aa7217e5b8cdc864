/// The time for which a server does not answer well: each of its failures is said once, and its end.
struct Outage: Sendable {
    private var since: Duration?
    private var said: Set<String> = []

    /// - Returns: whether this failure is to be said.
    mutating func failed(_ key: String, at now: Duration) -> Bool {
        since = since ?? now
        return said.insert(key).inserted
    }

    /// - Returns: how long the outage was that this ends; nil where there was none.
    mutating func ended(at now: Duration) -> Duration? {
        guard let start = since else { return nil }
        since = nil
        said = []
        return now - start
    }
}
