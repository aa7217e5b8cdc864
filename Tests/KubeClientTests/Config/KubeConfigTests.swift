import FoundationEssentials
import Testing

@testable import KubeClient

@Suite struct KubeConfigTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A kubeconfig with one cluster and one user, whose fields are given.
    private func write(
        cluster: String = "server: https://h:6443", user: String = "token: abc", name: String = "config"
    ) throws -> String {
        try folder.write(
            name,
            """
            apiVersion: v1
            kind: Config
            current-context: main
            contexts:
            - name: main
              context: {cluster: c, user: u, namespace: kube-system}
            clusters:
            - name: c
              cluster:
                \(cluster.split(separator: "\n").joined(separator: "\n    "))
            users:
            - name: u
              user:
                \(user.split(separator: "\n").joined(separator: "\n    "))
            """)
    }

    private func resolve(_ file: String, master: String = "") throws -> KubeClientConfiguration {
        try KubeClientConfiguration.resolve(kubeconfig: file, master: master, environment: [:])
    }

    @Test func everyFieldIsRead() throws {
        let file = try write(
            cluster: """
                server: https://10.0.0.1:6443/k8s/
                certificate-authority: pki/ca.crt
                tls-server-name: kube.test
                proxy-url: http://jane:secret@proxy:3128
                disable-compression: true
                """,
            user: """
                client-certificate: /abs/client.crt
                client-key: client.key
                tokenFile: token
                token: abc
                as: admin
                as-uid: "7"
                as-groups: [a, b]
                as-user-extra: {scope: [v, w]}
                """)
        let configuration = try resolve(file)
        #expect(
            configuration.server == KubeServer(usesTLS: true, host: "10.0.0.1", port: 6443, pathPrefix: "/k8s"))
        #expect(configuration.tls.authority == .file("\(folder.path)/pki/ca.crt"))
        #expect(configuration.tls.serverName == "kube.test")
        #expect(
            configuration.tls.clientCertificate
                == ClientCertificate(certificate: .file("/abs/client.crt"), key: .file("\(folder.path)/client.key")))
        #expect(
            configuration.proxy
                == ProxyServer(
                    .http, host: "proxy", port: 3128, login: .init(username: "jane", password: Secret("secret"))))
        #expect(configuration.disablesCompression)
        #expect(configuration.namespace == "kube-system")
        #expect(configuration.impersonation?.user == "admin")
        #expect(configuration.impersonation?.extra == ["scope": ["v", "w"]])
        guard case .tokenFile(let path, let otherwise) = configuration.credentials else {
            Issue.record("the token file does not count")
            return
        }
        #expect(path == "\(folder.path)/token")
        #expect(otherwise == Secret("abc"))
        #expect(configuration.origin == "kubeconfig \(file): context 'main'")
        #expect(configuration.warnings.isEmpty)
    }

    @Test func dataIsBase64AndJSONIsReadToo() throws {
        let file = try folder.write(
            "config.json",
            #"""
            {"kind":"Config","apiVersion":"v1","current-context":"m","preferences":{},
             "contexts":[{"name":"m","context":{"cluster":"c","user":"u"}}],
             "clusters":[{"name":"c","cluster":{"server":"https://h","certificate-authority-data":"UE\nVN"}}],
             "users":[{"name":"u","user":{"client-certificate-data":"Q0VSVA==","client-key-data":"S0VZ"}}]}
            """#)
        let configuration = try resolve(file)
        #expect(configuration.server.port == 443)
        #expect(configuration.tls.authority == .data(Secret("PEM")))
        #expect(
            configuration.tls.clientCertificate
                == ClientCertificate(certificate: .data(Secret("CERT")), key: .data(Secret("KEY"))))
    }

    /// cluster's fields, user's fields, the error behind the file's name.
    @Test(arguments: [
        ("server: ''", "token: a", "cluster 'c': server: is required"),
        ("server: ftp://h", "token: a", "cluster 'c': server: scheme 'ftp' is neither https nor http"),
        (
            "server: https://jane:hidden@h", "token: a",
            "cluster 'c': server: a URL with a user or a password in it is not supported"
        ),
        ("server: https://h:70000", "token: a", "cluster 'c': server: 'https://h:70000' has no valid port"),
        (
            "server: https://h\ncertificate-authority: a\ncertificate-authority-data: QQ==", "token: a",
            "cluster 'c': certificate-authority: is given as well as certificate-authority-data; give one of them"
        ),
        (
            "server: https://h\ncertificate-authority: a\ninsecure-skip-tls-verify: true", "token: a",
            "cluster 'c': insecure-skip-tls-verify: cannot be true where a certificate-authority is given, too"
        ),
        (
            "server: https://h\nproxy-url: ftp://jane:hidden@h", "token: a",
            "cluster 'c': proxy-url: scheme 'ftp' is none of http, https and socks5"
        ),
        (
            "server: https://h\nproxy-url: https://h:99999", "token: a",
            "cluster 'c': proxy-url: the proxy's port is not valid"
        ),
        (
            "server: https://h\ncertificate-authority-data: '&hidden&'", "token: a",
            "clusters[0].cluster[certificate-authority-data]: is not valid base64"
        ),
        ("server: https://h", "token: 5151", "users[0].user.token: is not a string"),
        ("server: https://h", "token: [hidden]", "users[0].user.token: is not a string"),
        ("server: https://h", "token: \"hid\\nden\"", "user 'u': token: has characters that no header may have"),
        (
            "server: https://h", "token: a\nusername: b",
            "user 'u': token: is given as well as username and password; give one of them"
        ),
        ("server: https://h", "client-certificate: a", "user 'u': client-key: is required with a client-certificate"),
        (
            "server: https://h", "client-certificate: a\nclient-key: a\nclient-key-data: QQ==",
            "user 'u': client-key: is given as well as client-key-data; give one of them"
        ),
        (
            "server: https://h", "auth-provider: {name: gcp, config: {access-token: hidden}}",
            "user 'u': auth-provider: 'gcp': auth providers no longer exist; use exec"
        ),
        (
            "server: https://h", "token: a\nas-groups: [x]",
            "user 'u': as-groups: is given without a user to impersonate (as)"
        ),
        ("server: https://h", "exec: {apiVersion: x}", "user 'u': exec.command: is required"),
        ("server: https://h", "exec: {command: x}", "user 'u': exec.apiVersion: is required"),
        (
            "server: https://h", "exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}",
            "user 'u': exec.apiVersion: 'client.authentication.k8s.io/v1alpha1' is neither v1 nor v1beta1 of "
                + "client.authentication.k8s.io"
        ),
        (
            "server: https://h", "exec: {command: x, apiVersion: client.authentication.k8s.io/v1}",
            "user 'u': exec.interactiveMode: is required"
        ),
        (
            "server: https://h",
            "exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}",
            "user 'u': exec.interactiveMode: 'Always' needs a terminal, and there is none"
        ),
        (
            "server: https://h",
            "exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1, env: [{value: hidden}]}",
            "user 'u': exec.env: has a variable without a name"
        ),
    ])
    func whatCannotBeIsRefused(cluster: String, user: String, problem: String) throws {
        let file = try write(cluster: cluster, user: user)
        let error = #expect(throws: KubeConfigError.self) { _ = try resolve(file) }
        #expect(error.map { "\($0)" } == "kubeconfig \(file): \(problem)")
    }

    /// As clientcmd, whose decoder is not strict.
    @Test func ofKeysThatComeAgainTheLastCounts() throws {
        let file = try write(cluster: "server: https://h\nserver: https://i", user: "token: a")
        let configuration = try resolve(file)
        #expect(configuration.server.host == "i")
        let warning = configuration.warnings.first { $0.contains("'server' is given again") }
        #expect(warning?.hasPrefix("kubeconfig \(file), line ") == true)
    }

    /// The whole text, the error behind the file's name.
    @Test(arguments: [
        ("kind: Pod", "kind: expected 'Config', found 'Pod'"),
        ("apiVersion: v2", "apiVersion: expected 'v1', found 'v2'"),
        ("a: b: c", "line 1, column 5: not valid YAML: mapping values are not allowed in this context"),
        ("kind: Config\n---\nkind: Config", "a second document; only one is expected"),
        ("clusters: {}", "clusters: is not a list"),
        ("users: [{name: a}, {name: a}]", "user 'a': is given twice"),
        ("", "current-context: is not set"),
        ("current-context: x", "context 'x': does not exist"),
        (
            "current-context: x\ncontexts: [{name: x, context: {namespace: A_b}}]",
            "context 'x': namespace: 'A_b' is not a name of a namespace"
        ),
        ("current-context: x\ncontexts: [{name: x}]", "context 'x': cluster: is required"),
        (
            "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]",
            "context 'x': cluster: 'c' does not exist"
        ),
        (
            "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c}]",
            "context 'x': user: 'u' does not exist"
        ),
    ])
    func aFileThatIsNoUsableKubeconfigIsRefused(text: String, problem: String) throws {
        let file = try folder.write("config", text)
        let error = #expect(throws: KubeConfigError.self) { _ = try resolve(file) }
        #expect(error.map { "\($0)" } == "kubeconfig \(file): \(problem)")
    }

    @Test func aFileThatIsNotThereIsRefused() {
        let error = #expect(throws: KubeConfigError.self) { _ = try resolve("/no/such") }
        #expect(error.map { "\($0)" } == "kubeconfig /no/such: no such file")
    }

    @Test func aMasterOverrulesTheServerOrSuffices() throws {
        let file = try write()
        #expect(try resolve(file, master: "https://other").server.host == "other")
        #expect(try resolve("", master: "10.0.0.1:8080").server.description == "http://10.0.0.1:8080")
        let alone = try resolve("", master: "https://[fd00::1]:6443")
        #expect(alone.server == KubeServer(usesTLS: true, host: "fd00::1", port: 6443))
        #expect(alone.warnings == ["no user is configured: requests are made without credentials"])
        let error = #expect(throws: KubeConfigError.self) { _ = try resolve("", master: "https://") }
        #expect(error.map { "\($0)" } == "master: 'https://' is not a URL of a server")
    }

    @Test func withoutTLSCredentialsStayAtHome() throws {
        let file = try write(cluster: "server: http://h:8080")
        let configuration = try resolve(file)
        guard case .none = configuration.credentials else {
            Issue.record("credentials are sent")
            return
        }
        #expect(
            configuration.warnings == [
                "kubeconfig \(file): user 'u': credentials are not sent, as http://h:8080 is not reached over TLS"
            ])
    }

    @Test func aPluginCountsOnlyWhereThereIsNothingElse() throws {
        let exec = "exec: {command: ./bin/x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: IfAvailable}"
        guard case .exec(let plugin) = try resolve(write(user: exec)).credentials else {
            Issue.record("the plugin does not count")
            return
        }
        #expect(plugin.command == "\(folder.path)/./bin/x")
        guard case .token = try resolve(write(user: "\(exec)\ntoken: a")).credentials else {
            Issue.record("the token does not count")
            return
        }
    }

    @Test func ofSeveralFilesTheFirstWinsByName() throws {
        let first = try folder.write(
            "first",
            "clusters: [{name: c, cluster: {server: 'https://first'}}]\nusers: [{name: u, user: {tokenFile: t}}]")
        try FileManager.default.createDirectory(atPath: "\(folder.path)/sub", withIntermediateDirectories: true)
        let second = try folder.write(
            "sub/second",
            """
            current-context: main
            contexts: [{name: main, context: {cluster: c, user: u}}, {name: b, context: {cluster: d, user: v}}]
            clusters: [{name: c, cluster: {server: 'https://second', tls-server-name: x}},
                       {name: d, cluster: {server: 'https://d', certificate-authority: ca}}]
            users: [{name: u, user: {token: other}}, {name: v, user: {tokenFile: t}}]
            """)
        let third = try folder.write("third", "current-context: b")
        let config = try KubeConfig(merging: ["", "\(folder.path)/missing", first, second, third])
        #expect(config.files == [first, second, third])
        #expect(config.currentContext == "main")
        let main = try KubeClientConfiguration(config, environment: [:])
        #expect(main.server.host == "first")
        // Not one field of the second file's entry counts.
        #expect(main.tls.serverName == nil)
        guard case .tokenFile("\(folder.path)/t", nil) = main.credentials else {
            Issue.record("\(main.credentials)")
            return
        }
        let other = try KubeClientConfiguration(config, context: "b", environment: [:])
        #expect(other.tls.authority == .file("\(folder.path)/sub/ca"))
        guard case .tokenFile("\(folder.path)/sub/t", nil) = other.credentials else {
            Issue.record("\(other.credentials)")
            return
        }
        let error = #expect(throws: KubeConfigError.self) { _ = try KubeConfig(merging: ["/no/a", "/no/b"]) }
        #expect(error.map { "\($0)" } == "none of these kubeconfigs exists: /no/a, /no/b")
    }

    @Test func theListOfFilesIsThatOfTheEnvironment() {
        #expect(KubeConfig.defaultFiles(environment: ["KUBECONFIG": "a:b::a"]) == ["a", "b"])
        #expect(KubeConfig.defaultFiles(environment: ["HOME": "/jane"]) == ["/jane/.kube/config"])
    }
}
