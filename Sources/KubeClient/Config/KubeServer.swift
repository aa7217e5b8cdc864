import FoundationEssentials
import KubeAPI
import Net

/// The address of an API server.
package struct KubeServer: Sendable, Hashable, CustomStringConvertible {
    /// False for plain HTTP.
    package let usesTLS: Bool
    /// A name, or an address without brackets.
    package let host: String
    package let port: Int
    /// What stands before "/api": empty, or "/k8s/clusters/c-1" without a slash at its end.
    package let pathPrefix: String

    package init(usesTLS: Bool, host: String, port: Int, pathPrefix: String = "") {
        self.usesTLS = usesTLS
        self.host = host
        self.port = port
        self.pathPrefix = pathPrefix
    }

    /// The address that the host is, where it is one.
    package var address: IPAddress? { IPAddress(parsing: host) }

    /// "10.0.0.1:6443", "[fd00::1]:6443".
    package var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// "https://10.0.0.1:6443".
    package var description: String { "\(usesTLS ? "https" : "http")://\(authority)\(pathPrefix)" }
}

extension KubeServer {
    /// Reads a server as kubeconfigs and `--master` have it: a URL, or host and port alone (rest.DefaultServerURL of
    /// client-go), which is then reached over TLS where TLS is configured.
    ///
    /// - Throws: `KubeConfigError` that says what is wrong with the text, without any password in it.
    package init(parsing text: String, assumesTLS: Bool) throws(KubeConfigError) {
        let url = text.contains("://") ? text : "\(assumesTLS ? "https" : "http")://\(text)"
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            let quotedHost = parts.host, !quotedHost.isEmpty
        else {
            throw KubeConfigError(
                problem: text.contains("@") ? "not a URL of a server" : "'\(text.quotable)' is not a URL of a server")
        }
        guard parts.user == nil, parts.password == nil else {
            throw KubeConfigError(problem: "a URL with a user or a password in it is not supported")
        }
        guard scheme == "https" || scheme == "http" else {
            throw KubeConfigError(problem: "scheme '\(scheme.quotable)' is neither https nor http")
        }
        if let port = parts.port, !(1...65535).contains(port) {
            throw KubeConfigError(problem: "'\(text.quotable)' has no valid port")
        }
        let host = quotedHost.hasPrefix("[") ? String(quotedHost.dropFirst().dropLast()) : quotedHost
        var prefix = parts.percentEncodedPath
        while prefix.hasSuffix("/") { prefix.removeLast() }
        self.init(
            usesTLS: scheme == "https", host: host, port: parts.port ?? (scheme == "https" ? 443 : 80),
            pathPrefix: prefix)
    }
}
