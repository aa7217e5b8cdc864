import FoundationEssentials
import KubeAPI
import Synchronization
import Testing

@testable import KubeClient

@Suite struct ExecPluginTests {
    private static let counting = "n=$(cat count 2>/dev/null || echo 0); echo $((n+1)) > count; token=token-$((n+1))"

    private func problem(_ plugin: TestPlugin, limits: CredentialLimits = CredentialLimits()) async -> String {
        let error = await #expect(throws: KubeError.self) { _ = try await plugin.exec.run(limits: limits) }
        let start = "kubeconfig test: user 'jane': credential plugin \(plugin.exec.command.quotable) "
        let text = error.map { "\($0)" } ?? ""
        #expect(text.hasPrefix(start))
        return String(text.dropFirst(start.count))
    }

    @Test func credentialsAreKeptUntilTheyExpire() async throws {
        let plugin = try TestPlugin(Self.counting, expiry: "1970-01-01T00:10:00Z")
        let clock = Mutex(Timestamp(microsecondsSinceEpoch: 0))
        let source = CredentialSource(
            .exec(plugin.exec), limits: CredentialLimits(), logger: ConnectionFixture.logger,
            now: { clock.withLock { $0 } })
        for _ in 0..<2 { #expect(try await source.current().authorization == Secret("Bearer token-1")) }
        clock.withLock { $0.microsecondsSinceEpoch = 600_000_001 }
        #expect(try await source.current().authorization == Secret("Bearer token-2"))
    }

    @Test func manyWhoAskAtOnceMakeItRunOnce() async throws {
        let plugin = try TestPlugin(Self.counting)
        let source = CredentialSource(
            .exec(plugin.exec), limits: CredentialLimits(), logger: ConnectionFixture.logger)
        try await withThrowingTaskGroup(of: Credentials.self) { group in
            for _ in 0..<8 { group.addTask { try await source.current() } }
            for try await credentials in group { #expect(credentials.authorization == Secret("Bearer token-1")) }
        }
        #expect(try plugin.runs == 1)
    }

    @Test func argumentsEnvironmentAndRequestComeToThePlugin() async throws {
        var plugin = try TestPlugin(
            #"echo "$1|$2|$SETTING" > seen; echo "$KUBERNETES_EXEC_INFO" > info; token=a"#, version: .v1beta1)
        plugin.exec.arguments += ["get token", "$HOME"]
        plugin.exec.environment = [("SETTING", Secret("a value"))]
        var cluster = KubeConfigDocument.Cluster()
        cluster.serverName = "kube.test"
        cluster.authorityData = Secret("PEM")
        cluster.pluginConfiguration = .object(["audience": .string("x"), "n": .integer(1)])
        plugin.exec.cluster = ExecPlugin.Cluster(cluster, server: KubeServer(usesTLS: true, host: "h", port: 6443))
        _ = try await plugin.exec.run(limits: CredentialLimits())
        #expect(try TemporaryFolder.text("\(plugin.folder.path)/seen") == "get token|$HOME|a value\n")
        let info = try TemporaryFolder.text("\(plugin.folder.path)/info")
        #expect(
            info == """
                {"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","spec":{"cluster":\
                {"certificate-authority-data":"UEVN","config":{"audience":"x","n":1},"server":"https://h:6443",\
                "tls-server-name":"kube.test"},"interactive":false}}

                """)
    }

    @Test func aPluginThatFailsIsQuotedFromItsStandardErrorAlone() async throws {
        let plugin = try TestPlugin(
            whole: "echo hidden; echo first >&2; echo second >&2; echo third >&2; echo fourth >&2; exit 7")
        let problem = await problem(plugin)
        #expect(problem.hasPrefix("ended with "))
        #expect(problem.contains("7"))
        #expect(problem.hasSuffix(": first / second / third"))
        #expect(!problem.contains("hidden"))
    }

    @Test(arguments: [
        ("hidden", "its output is no ExecCredential: not valid JSON"),
        ("", "its output is no ExecCredential: not valid JSON"),
        (#"{"status":{"token":5151}}"#, "its output is no ExecCredential: status.token: is not a string"),
        (#"{"kind":"hidden"}"#, "its output is no ExecCredential of client.authentication.k8s.io/v1"),
        ("V1BETA1", "its output is no ExecCredential of client.authentication.k8s.io/v1"),
        ("NOSTATUS", "its output has no status"),
        (#"{"token":""}"#, "its output has neither a token nor a client certificate"),
        (#"{"clientKeyData":"hidden"}"#, "its output has only one of clientCertificateData and clientKeyData"),
        (#"{"token":"hid\nden"}"#, "its token has characters that no header may have"),
    ])
    func garbageIsRefusedWithoutAWordOfIt(output: String, expected: String) async throws {
        let head = #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential""#
        let text =
            switch output {
            case "V1BETA1": head.replacing("/v1", with: "/v1beta1") + "}"
            case "NOSTATUS": head + "}"
            case let output where output.hasPrefix(#"{"token"#) || output.hasPrefix(#"{"client"#):
                head + #","status":\#(output)}"#
            default: output
            }
        let problem = await problem(try TestPlugin(whole: "cat <<'END'\n\(text)\nEND"))
        #expect(problem == expected)
    }

    @Test func aPluginThatHangsIsEnded() async throws {
        var limits = CredentialLimits()
        limits.pluginTimeout = .milliseconds(500)
        limits.pluginGrace = .milliseconds(200)
        let plugin = try TestPlugin(whole: "trap '' TERM; sleep 1000")
        #expect(await problem(plugin, limits: limits) == "did not end within 0.5 seconds")
    }

    @Test func aPluginThatWritesTooMuchIsEnded() async throws {
        var limits = CredentialLimits()
        limits.pluginOutputByteCount = 1000
        #expect(await problem(try TestPlugin(whole: "yes hidden"), limits: limits) == "wrote too much")
    }

    @Test func aPluginThatDoesNotExistIsToldWithItsHint() async throws {
        var plugin = try TestPlugin(whole: "")
        plugin.exec = ExecPlugin(command: "no-such-plugin", version: .v1, place: plugin.exec.place)
        plugin.exec.installHint = "get it\nfrom example.org"
        #expect(await problem(plugin) == "does not exist; get itfrom example.org")
        plugin.exec = ExecPlugin(command: "/no/such/plugin", version: .v1, place: plugin.exec.place)
        #expect(await problem(plugin) == "does not exist")
    }

    @Test func aRequestThatIsCancelledEndsThePluginAndWhatItStarted() async throws {
        var limits = CredentialLimits()
        limits.pluginGrace = .milliseconds(200)
        let plugin = try TestPlugin(whole: "trap '' TERM; sleep 1000 & echo $! > new; mv new child; sleep 1000")
        let source = CredentialSource(.exec(plugin.exec), limits: limits, logger: ConnectionFixture.logger)
        let asking = Task { try await source.current() }
        let file = "\(plugin.folder.path)/child"
        try await ConnectionFixture.wait { FileManager.default.fileExists(atPath: file) }
        let child = try TemporaryFolder.text(file).filter(\.isNumber)
        asking.cancel()
        await #expect(throws: CancellationError.self) { _ = try await asking.value }
        // Gone, or dead and not yet buried by its new parent.
        try await ConnectionFixture.wait {
            let stat = try? TemporaryFolder.text("/proc/\(child)/stat")
            return stat?.split(separator: ") ").last?.hasPrefix("Z") ?? true
        }
    }
}
