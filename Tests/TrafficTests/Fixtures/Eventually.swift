import Testing

/// Waits for what follows by itself, with nothing that tells when, for at most 10 s, or as long as is said.
func eventually(
    within limit: Duration = .seconds(10), _ location: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("did not happen within \(limit)", sourceLocation: location)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}
