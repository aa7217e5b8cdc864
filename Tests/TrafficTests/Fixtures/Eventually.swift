import Testing

/// Waits for what follows by itself, with nothing that tells when, for at most 10 s.
func eventually(
    _ location: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("did not happen within 10 s", sourceLocation: location)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}
