import Testing

@testable import KubeClient

@Suite struct ProxyEnvironmentTests {
    /// NO_PROXY, the server, whether it is proxied.
    @Test(arguments: [
        ("", "https://10.0.0.1:6443", true),
        ("", "https://127.0.0.1:6443", false),
        ("", "https://127.8.0.1:6443", false),
        ("", "https://[::1]:6443", false),
        ("", "https://LocalHost:6443", false),
        ("*", "https://kube.example.org", false),
        ("10.0.0.0/8,192.168.0.0/16", "https://10.0.0.1:6443", false),
        ("10.0.0.0/8", "https://11.0.0.1:6443", true),
        ("10.0.0.1", "https://10.0.0.1:6443", false),
        ("10.0.0.1:6443", "https://10.0.0.1:6443", false),
        ("10.0.0.1:443", "https://10.0.0.1:6443", true),
        ("fd00::1", "https://[fd00::1]:6443", false),
        ("[fd00::1]:6443", "https://[fd00::1]:6443", false),
        (" example.org , other", "https://kube.example.org", false),
        ("example.org", "https://example.org", false),
        ("EXAMPLE.org", "https://example.ORG", false),
        (".example.org", "https://example.org", true),
        (".example.org", "https://kube.example.org", false),
        ("*.example.org", "https://example.org", true),
        ("*.example.org", "https://kube.example.org", false),
        ("ample.org", "https://example.org", true),
        ("example.org:8443", "https://example.org", true),
        ("example.org:443", "https://example.org", false),
    ])
    func exceptionsAreThoseOfGo(exceptions: String, server: String, isProxied: Bool) throws {
        let environment = ProxyEnvironment(variables: ["HTTPS_PROXY": "proxy:3128", "no_proxy": exceptions])
        let proxy = try environment.proxy(for: KubeServer(parsing: server, assumesTLS: true))
        #expect(proxy == (isProxied ? ProxyServer(.http, host: "proxy", port: 3128) : nil))
    }

    @Test func theVariableIsThatOfTheScheme() throws {
        let environment = ProxyEnvironment(variables: ["https_proxy": "socks5://a", "HTTP_PROXY": "http://b"])
        #expect(
            try environment.proxy(for: KubeServer(usesTLS: true, host: "h", port: 1))
                == ProxyServer(.socks5, host: "a", port: 1080))
        let plain = KubeServer(usesTLS: false, host: "h", port: 1)
        #expect(try environment.proxy(for: plain) == ProxyServer(.http, host: "b", port: 80))
        var script = environment.variables
        script["REQUEST_METHOD"] = "GET"
        #expect(try ProxyEnvironment(variables: script).proxy(for: plain) == nil)
    }

    @Test(arguments: [
        ("https://jane:p%40ss@[fd00::1]", ProxyServer(.https, host: "fd00::1", port: 443, login: .jane)),
        ("https://proxy.example:8443", ProxyServer(.https, host: "proxy.example", port: 8443)),
        ("socks5://jane:p%40ss@h:1", ProxyServer(.socks5, host: "h", port: 1, login: .jane)),
        ("socks5h://h", ProxyServer(.socks5, host: "h", port: 1080)),
    ])
    func aProxysURLIsReadAsGoReadsIt(url: String, proxy: ProxyServer) throws {
        let environment = ProxyEnvironment(variables: ["HTTPS_PROXY": url])
        #expect(try environment.proxy(for: KubeServer(usesTLS: true, host: "h", port: 1)) == proxy)
    }

    @Test func aProxyThatCannotBeUsedIsNamedWithoutItsPassword() {
        let long = String(repeating: "hidden", count: 50)
        for (url, problem) in [
            ("socks5://jane:\(long)@h", "a user and a password for a SOCKS proxy have 1 to 255 bytes each"),
            ("ftp://jane:hidden@h", "scheme 'ftp' is none of http, https and socks5"),
        ] {
            let environment = ProxyEnvironment(variables: ["HTTPS_PROXY": url])
            let error = #expect(throws: KubeConfigError.self) {
                _ = try environment.proxy(for: KubeServer(usesTLS: true, host: "h", port: 1))
            }
            #expect(error.map { "\($0)" } == "environment: HTTPS_PROXY: \(problem)")
        }
    }
}

extension ProxyServer.Login {
    fileprivate static let jane = ProxyServer.Login(username: "jane", password: Secret("p@ss"))
}
