import Testing

/// Waits for what follows by itself, with nothing that tells when, for at most 60 s.
func untilTrue(
    _ location: SourceLocation = #_sourceLocation, _ what: String = "", _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("did not happen within 60 s \(what)", sourceLocation: location)
            throw NotInTime()
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// What `untilTrue` throws, so that nothing that rests on it goes on.
struct NotInTime: Error {}
