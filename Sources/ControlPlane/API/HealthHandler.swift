import Hummingbird
import KubeAPI

/// `/healthz`, `/livez` and `/readyz`, with the checks that each is made of (apiserver server/healthz).
struct HealthHandler: Sendable {
    let registry: Registry
    let isReady: @Sendable () -> Bool

    /// - Throws: 404 for a check that there is not.
    func answer(_ endpoint: String, _ check: String, _ query: RequestQuery) async throws -> Response {
        var names = ["ping", "store"]
        if endpoint == "readyz" { names.append("controllers") }
        if !check.isEmpty {
            guard names.contains(check) else { throw Status.unknownPath }
            return await passes(check)
                ? .text("ok") : .text("internal server error: \(check) failed\n", status: .internalServerError)
        }
        let excluded = query.all("exclude")
        var lines = ""
        var hasFailed = false
        for name in names {
            if excluded.contains(name) {
                lines += "[+]\(name) excluded: ok\n"
            } else if await passes(name) {
                lines += "[+]\(name) ok\n"
            } else {
                lines += "[-]\(name) failed: reason withheld\n"
                hasFailed = true
            }
        }
        if hasFailed { return .text("\(lines)\(endpoint) check failed\n", status: .internalServerError) }
        return .text(query.flag("verbose") == nil ? "ok" : "\(lines)\(endpoint) check passed\n")
    }

    private func passes(_ check: String) async -> Bool {
        switch check {
        case "store": (try? await registry.store.revision) != nil
        case "controllers": isReady()
        default: true
        }
    }
}
