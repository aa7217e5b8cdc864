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
        #expect(proxy == (isProxied ? .http(host: "proxy", port: 3128, login: nil) : nil))
    }

    @Test func theVariableIsThatOfTheScheme() throws {
        let environment = ProxyEnvironment(variables: ["https_proxy": "socks5://a", "HTTP_PROXY": "http://b"])
        #expect(
            try environment.proxy(for: KubeServer(usesTLS: true, host: "h", port: 1)) == .socks5(host: "a", port: 1080))
        let plain = KubeServer(usesTLS: false, host: "h", port: 1)
        #expect(try environment.proxy(for: plain) == .http(host: "b", port: 80, login: nil))
        var script = environment.variables
        script["REQUEST_METHOD"] = "GET"
        #expect(try ProxyEnvironment(variables: script).proxy(for: plain) == nil)
    }

    @Test func aProxyThatCannotBeUsedIsNamedWithoutItsPassword() {
        let environment = ProxyEnvironment(variables: ["HTTPS_PROXY": "socks5://jane:hidden@h"])
        let error = #expect(throws: KubeConfigError.self) {
            _ = try environment.proxy(for: KubeServer(usesTLS: true, host: "h", port: 1))
        }
        #expect(
            error.map { "\($0)" } == "environment: HTTPS_PROXY: a user for a SOCKS proxy is not supported")
    }
}
