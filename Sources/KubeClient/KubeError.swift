import KubeAPI

/// Why an API server could not be asked, or what it refused.
package enum KubeError: Error, Sendable, CustomStringConvertible {
    /// No connection, or one that broke: refused, reset, timed out, no name, TLS.
    case unreachable(server: String, cause: String)
    /// The server's answer, which is none of success.
    case refused(Status, retryAfterSeconds: Int?)
    /// The answer is not what it should be.
    case malformed(String)
    /// A kubeconfig, a token file, a certificate or a credential plugin.
    case configuration(String)

    package var description: String {
        switch self {
        case .unreachable(let server, let cause): "API server \(server): \(cause)"
        case .refused(let status, _): "API server: \(status)"
        case .malformed(let problem): "API server: \(problem)"
        case .configuration(let problem): problem
        }
    }
}
