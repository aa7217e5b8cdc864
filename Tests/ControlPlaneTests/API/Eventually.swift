import Testing

/// Waits for what follows by itself, with nothing that tells when, for at most 60 s.
func eventually(
    _ location: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("did not happen within 60 s", sourceLocation: location)
            return
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
