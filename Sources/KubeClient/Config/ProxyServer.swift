import FoundationEssentials
import KubeAPI

/// The proxy through which an API server is reached.
package enum ProxyServer: Sendable, Hashable {
    /// Asked for a tunnel with CONNECT.
    case http(host: String, port: Int, login: Login?)
    /// SOCKS 5; resolves the server's name itself.
    case socks5(host: String, port: Int)

    package struct Login: Sendable, Hashable {
        package let username: String
        package let password: Secret
    }

    /// Reads a proxy's URL. Errors never show it, as it may hold a password.
    package init(parsing text: String) throws(KubeConfigError) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            let quotedHost = parts.host, !quotedHost.isEmpty
        else { throw KubeConfigError(problem: "not a URL of a proxy") }
        if let port = parts.port, !(1...65535).contains(port) {
            throw KubeConfigError(problem: "the proxy's port is not valid")
        }
        let host = quotedHost.hasPrefix("[") ? String(quotedHost.dropFirst().dropLast()) : quotedHost
        switch scheme {
        case "http":
            let login = parts.user.map { Login(username: $0, password: Secret(parts.password ?? "")) }
            self = .http(host: host, port: parts.port ?? 80, login: login)
        case "socks5", "socks5h":
            guard parts.user == nil else {
                throw KubeConfigError(problem: "a user for a SOCKS proxy is not supported")
            }
            self = .socks5(host: host, port: parts.port ?? 1080)
        case "https":
            throw KubeConfigError(problem: "TLS to the proxy itself is not supported; use http:// or socks5://")
        default:
            throw KubeConfigError(problem: "scheme '\(scheme.quotable)' is none of http and socks5")
        }
    }
}
