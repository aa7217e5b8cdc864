import FoundationEssentials
import Net

/// The proxy that the environment names for a server, by the rules of Go's net/http (golang.org/x/net/http/httpproxy):
/// `HTTPS_PROXY` or `HTTP_PROXY`, unless `NO_PROXY` excepts the server; loopback is never proxied.
struct ProxyEnvironment {
    let variables: [String: String]

    /// nil for a direct connection.
    func proxy(for server: KubeServer) throws(KubeConfigError) -> ProxyServer? {
        // With REQUEST_METHOD set this is a CGI script, where a client's header `Proxy:` becomes HTTP_PROXY.
        let names = server.usesTLS ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"]
        guard let name = names.first(where: { variables[$0]?.isEmpty == false }), let value = variables[name],
            server.usesTLS || variables["REQUEST_METHOD"]?.isEmpty ?? true, isProxied(server)
        else { return nil }
        do {
            return try ProxyServer(parsing: value.contains("://") ? value : "http://\(value)")
        } catch {
            throw KubeConfigError(entry: "environment", field: name, problem: error.problem)
        }
    }

    private func isProxied(_ server: KubeServer) -> Bool {
        let host = server.host.lowercased()
        let address = server.address
        if host == "localhost" || address?.isLoopback == true { return false }
        let exceptions = ["NO_PROXY", "no_proxy"].compactMap { variables[$0] }.first { !$0.isEmpty } ?? ""
        return !exceptions.split(separator: ",").contains { exception in
            let text = exception.filter { !$0.isWhitespace }.lowercased()
            return Self.matches(text, host: host, address: address, port: server.port)
        }
    }

    /// One entry of `NO_PROXY`: `*`, a CIDR, an address or a domain with or without a port. A domain stands for those
    /// below it, too; with a dot or `*.` before it only for those.
    private static func matches(_ exception: String, host: String, address: IPAddress?, port: Int) -> Bool {
        if exception == "*" { return true }
        if let prefix = try? IPPrefix(exception) { return address.map(prefix.contains) ?? false }
        let (name, exceptedPort) = split(exception)
        guard !name.isEmpty, exceptedPort == nil || exceptedPort == port else { return false }
        if let excepted = IPAddress(parsing: name) { return excepted == address }
        let domain = name.hasPrefix("*.") ? String(name.dropFirst()) : name
        return domain.hasPrefix(".") ? host.hasSuffix(domain) : host == domain || host.hasSuffix(".\(domain)")
    }

    private static func split(_ text: String) -> (name: String, port: Int?) {
        if IPAddress(parsing: text) != nil { return (text, nil) }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
            return (text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text, nil)
        }
        let name = text[..<colon]
        return (String(name.hasPrefix("[") && name.hasSuffix("]") ? name.dropFirst().dropLast() : name), port)
    }
}
