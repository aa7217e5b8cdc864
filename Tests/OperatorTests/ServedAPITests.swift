import FoundationEssentials
import TestSupport
import Testing

@testable import fairlead

@Suite struct ServedAPITests {
    @Test("an address with a port is read", arguments: [("127.0.0.1:8001", 8001), ("[::1]:0", 0), ("127.9.9.9:1", 1)])
    func addresses(text: String, port: Int) throws {
        let options = try APIOptions.parse(["--serve-api", text])
        #expect(options.listen?.port == UInt16(port) && options.listen?.address.isLoopback == true)
    }

    @Test("what is none is refused", arguments: ["127.0.0.1", "8001", "host:80", "127.0.0.1:70000", "::1", ":80"])
    func noAddresses(text: String) {
        #expect(throws: (any Error).self) { try APIOptions.parse(["--serve-api", text]) }
    }

    @Test("other addresses than loopback have to be allowed")
    func open() throws {
        #expect(throws: (any Error).self) { try APIOptions.parse(["--serve-api", "0.0.0.0:80"]) }
        #expect(throws: (any Error).self) { try APIOptions.parse(["--serve-api-to-anyone"]) }
        let options = try APIOptions.parse(["--serve-api", "[::]:80", "--serve-api-to-anyone"])
        #expect(options.listen?.address.isUnspecified == true)
        #expect(try APIOptions.parse([]).listen == nil)
    }

    @Test("the daemon serves what its core has", .networkNamespaces)
    func daemon() throws {
        let manifest = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            spec: {selector: {app: web}, clusterIP: 10.96.0.10, ports: [{port: 80}]}
            """
        let daemon = try DaemonUnderTest(manifest, options: "--serve-api 127.0.0.1:8001")
        func get(_ path: String) throws -> String {
            try Tool.run("curl", "-sS", "http://127.0.0.1:8001\(path)", in: daemon.namespace)
        }
        #expect(try get("/readyz") == "ok")
        #expect(try get("/api/v1/namespaces/default/services/web").contains("\"clusterIP\":\"10.96.0.10\""))
        #expect(try get("/api/v1/nodes").contains("\"name\":\"node-1\""))
    }
}
