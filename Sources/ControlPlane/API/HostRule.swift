import KubeAPI
import Net

/// Which names a client may call the server by. On loopback only those that no DNS answer can have given: without it a
/// page in a browser on this machine could read the cluster under a name of its own that leads here (DNS rebinding).
struct HostRule: Sendable {
    private let admitsEveryName: Bool

    /// Where clients are authenticated, a name gives nothing away.
    init(servedAddress: IPAddress, isAuthenticated: Bool) {
        admitsEveryName = isAuthenticated || !servedAddress.isLoopback
    }

    /// `authority` is the header `Host`: `127.0.0.1:8001`, `[::1]:8001`, `localhost`.
    ///
    /// - Throws: 403 Forbidden.
    func check(_ authority: String?) throws(Status) {
        guard !admitsEveryName, let authority, !authority.isEmpty else { return }
        var host = Substring(authority)
        if host.hasPrefix("[") {
            host = host.dropFirst().prefix { $0 != "]" }
        } else {
            host = host.prefix { $0 != ":" }
        }
        guard host.lowercased() != "localhost", (try? IPAddress(String(host))) == nil else { return }
        throw Status(
            code: 403, reason: "Forbidden",
            message: "the host in the URL must be localhost or an address while a loopback address is served")
    }
}
