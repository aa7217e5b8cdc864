import FoundationEssentials
import Netlink
import TestSupport
import Testing

@testable import fairlead

@Suite struct ServedAPITests {
    @Test("an address with a port is read", arguments: [("127.0.0.1:8001", 8001), ("[::1]:0", 0), ("127.9.9.9:1", 1)])
    func addresses(text: String, port: Int) throws {
        let options = try APIOptions.parse(["--serve-api", text, "--api-address", text])
        #expect(options.plain?.port == UInt16(port) && options.plain?.address.isLoopback == true)
        #expect(options.secure.listen == options.plain)
    }

    @Test("what is none is refused", arguments: ["127.0.0.1", "8001", "host:80", "127.0.0.1:70000", "::1", ":80"])
    func noAddresses(text: String) {
        #expect(throws: (any Error).self) { try APIOptions.parse(["--serve-api", text]) }
        #expect(throws: (any Error).self) { try APIOptions.parse(["--api-address", text]) }
    }

    @Test("HTTPS is served on loopback unless it is told otherwise, and HTTP where it is asked for")
    func defaults() throws {
        let options = try APIOptions.parse([])
        #expect(options.secure.listen.map { "\($0)" } == "127.0.0.1:6443" && options.plain == nil)
        #expect(try APIOptions.parse(["--api-address", "off"]).secure.listen == nil)
        #expect(throws: (any Error).self) { try APIOptions.parse(["--api-address", "off", "--kubeconfig-out", "x"]) }
        #expect(throws: (any Error).self) { try APIOptions.parse(["--authorization-mode", "Node"]) }
    }

    @Test("other addresses than loopback have to be allowed for HTTP")
    func open() throws {
        #expect(throws: (any Error).self) { try APIOptions.parse(["--serve-api", "0.0.0.0:80"]) }
        #expect(throws: (any Error).self) { try APIOptions.parse(["--serve-api-to-anyone"]) }
        let options = try APIOptions.parse(["--serve-api", "[::]:80", "--serve-api-to-anyone"])
        #expect(options.plain?.address.isUnspecified == true)
        #expect(try APIOptions.parse(["--api-address", "0.0.0.0:6443"]).secure.listen?.port == 6443)
    }

    private static let manifest = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec: {selector: {app: web}, clusterIP: 10.96.0.10, ports: [{port: 80}]}
        """

    @Test("the daemon serves what its core has", .networkNamespaces)
    func daemon() throws {
        let daemon = try DaemonUnderTest(Self.manifest, options: "--serve-api 127.0.0.1:8001")
        func get(_ path: String) throws -> String {
            try Tool.run("curl", "-sS", "http://127.0.0.1:8001\(path)", in: daemon.namespace)
        }
        #expect(try get("/readyz") == "ok")
        #expect(try get("/api/v1/namespaces/default/services/web").contains("\"clusterIP\":\"10.96.0.10\""))
        #expect(try get("/api/v1/nodes").contains("\"name\":\"node-1\""))
    }

    @Test("over HTTPS it answers who shows the administrator's certificate, and tells others 401", .networkNamespaces)
    func secure() throws {
        let daemon = try DaemonUnderTest(Self.manifest)
        let data = "\(daemon.directory)/data"
        func curl(_ words: String) throws -> String {
            let script = "curl -sS -w ' %{http_code}' --cacert \(data)/pki/ca.crt \(words)"
            return try Tool.run("bash", "-c", script, in: daemon.namespace)
        }
        let certificate = "--cert \(data)/pki/admin.crt --key \(data)/pki/admin.key"
        let services = "https://127.0.0.1:6443/api/v1/namespaces/default/services"
        #expect(try curl("\(certificate) \(services)/web").contains("\"clusterIP\":\"10.96.0.10\""))
        #expect(try curl(services).hasSuffix(" 401"))
        #expect(try curl("https://localhost:6443/healthz") == "ok 200")
        let kubeconfig = try Tool.run("cat", "\(data)/admin.conf", in: daemon.namespace)
        #expect(kubeconfig.contains("server: https://127.0.0.1:6443"))
        #expect(try Tool.run("stat", "-c", "%a", "\(data)/admin.conf", in: daemon.namespace).trimmingEnd == "600")
    }

    @Test("what is in use is an error that says so", .networkNamespaces)
    func inUse() throws {
        let daemon = try DaemonUnderTest(Self.manifest)
        let data = "\(daemon.directory)/data"
        let locked = try Command.run("control-plane --data-dir \(data) --api-address off", in: daemon.namespace)
        #expect(locked.status == 1 && locked.output.contains(data), "\(locked.output)")
        let taken = try Command.run("control-plane --data-dir \(daemon.directory)/other", in: daemon.namespace)
        #expect(taken.status == 1, "\(taken.output)")
        #expect(taken.output.contains("the API cannot be served on 127.0.0.1:6443"), "\(taken.output)")
    }

    @Test("objects, certificates and what manifests declared outlive the process", .networkNamespaces)
    func restart() throws {
        let namespace = try NetworkNamespaceWithLoopback.create()
        let directory = try Tool.run("mktemp", "-d", in: namespace).trimmingEnd
        defer { _ = try? Tool.run("rm", "-r", directory, in: namespace) }
        // Each start ends by itself when the script is through.
        func whileRunning(_ script: String) throws -> String {
            let text = """
                set -e
                '\(Command.path)' control-plane --data-dir \(directory)/data --watch-manifests \(directory)/manifests \
                    --api-address 127.0.0.1:6443 </dev/null >/dev/null 2>>\(directory)/log &
                process=$!
                trap 'kill $process; wait $process || true' EXIT
                for _ in $(seq 300); do grep -q ' ready' \(directory)/log && break; sleep 0.1; done
                api() { curl -sS --cacert \(directory)/data/pki/ca.crt --cert \(directory)/data/pki/admin.crt \
                    --key \(directory)/data/pki/admin.key "https://127.0.0.1:6443$1" "${@:2}"; }
                \(script)
                : >\(directory)/log
                """
            return try Tool.run("bash", "-c", text, in: namespace)
        }
        try Tool.run("mkdir", "\(directory)/manifests", in: namespace)
        try Tool.run("cp", "/dev/stdin", "\(directory)/manifests/web.yaml", in: namespace, input: Self.manifest)
        let namespaces = "/api/v1/namespaces/default"
        let first = try whileRunning(
            """
            api \(namespaces)/configmaps -H 'Content-Type: application/json' \
                -d '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"kept"},"data":{"a":"1"}}' >/dev/null
            api \(namespaces)/services/web
            """)
        #expect(first.contains("\"clusterIP\":\"10.96.0.10\""), "\(first)")
        try Tool.run("rm", "\(directory)/manifests/web.yaml", in: namespace)
        let second = try whileRunning(
            """
            api \(namespaces)/configmaps/kept
            for _ in $(seq 50); do api \(namespaces)/services/web | grep -q 'not found' && break; sleep 0.1; done
            api \(namespaces)/services/web
            """)
        #expect(second.contains("\"data\":{\"a\":\"1\"}"), "\(second)")
        #expect(second.contains("services \\\"web\\\" not found"), "\(second)")
    }
}

/// A network namespace in which loopback works.
private enum NetworkNamespaceWithLoopback {
    static func create() throws -> NetworkNamespace {
        let namespace = try NetworkNamespace.create()
        try Tool.run("ip", "link", "set", "lo", "up", in: namespace)
        return namespace
    }
}
