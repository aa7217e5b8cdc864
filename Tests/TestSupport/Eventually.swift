import Testing

/// Waits until a condition holds, and records an issue when it does not in time.
///
/// - Parameter limit: how long to wait at most; so long that only what never happens fails, on a machine that is busy with other
///   things, too.
package func eventually(
    within limit: Duration = .seconds(30), _ location: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("did not happen within \(limit)", sourceLocation: location)
            return
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
