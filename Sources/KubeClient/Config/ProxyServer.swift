import FoundationEssentials
import KubeAPI

/// The proxy through which an API server is reached. It is asked for a tunnel, whatever goes through it, and resolves the
/// server's name itself.
package struct ProxyServer: Sendable, Hashable {
    package enum Scheme: String, Sendable, Hashable {
        /// CONNECT, in plain text.
        case http
        /// CONNECT over TLS.
        case https
        /// SOCKS 5.
        case socks5

        /// Where a proxy listens whose URL has no port (Go's net/http `portMap`).
        fileprivate var defaultPort: Int {
            switch self {
            case .http: 80
            case .https: 443
            case .socks5: 1080
            }
        }
    }

    package struct Login: Sendable, Hashable {
        package let username: String
        package let password: Secret
    }

    package let scheme: Scheme
    /// A name, or an address without brackets.
    package let host: String
    package let port: Int
    package let login: Login?

    package init(_ scheme: Scheme, host: String, port: Int, login: Login? = nil) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.login = login
    }

    /// "10.0.0.1:3128", "[fd00::1]:3128".
    package var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Reads a proxy's URL. Errors never show it, as it may hold a password.
    package init(parsing text: String) throws(KubeConfigError) {
        guard let parts = URLComponents(string: text), let word = parts.scheme?.lowercased(),
            let quotedHost = parts.host, !quotedHost.isEmpty
        else { throw KubeConfigError(problem: "not a URL of a proxy") }
        if let port = parts.port, !(1...65535).contains(port) {
            throw KubeConfigError(problem: "the proxy's port is not valid")
        }
        // socks5h is curl's word for what socks5 means to Go: the proxy resolves names.
        guard let scheme = Scheme(rawValue: word == "socks5h" ? "socks5" : word) else {
            throw KubeConfigError(problem: "scheme '\(word.quotable)' is none of http, https and socks5")
        }
        let login = parts.user.map { Login(username: $0, password: Secret(parts.password ?? "")) }
        if scheme == .socks5, let login, !login.fitsSOCKS {
            throw KubeConfigError(problem: "a user and a password for a SOCKS proxy have 1 to 255 bytes each")
        }
        self.init(
            scheme, host: quotedHost.hasPrefix("[") ? String(quotedHost.dropFirst().dropLast()) : quotedHost,
            port: parts.port ?? scheme.defaultPort, login: login)
    }
}

extension ProxyServer.Login {
    /// RFC 1929 has a byte for each length.
    fileprivate var fitsSOCKS: Bool {
        (1...255).contains(username.utf8.count) && (1...255).contains(password.bytes.count)
    }
}
