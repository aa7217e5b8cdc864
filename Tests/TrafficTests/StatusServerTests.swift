import HealthServer
import KubeAPI
import Net
import Netlink
import Synchronization
import TestSupport
import Testing

@Suite("What the proxy's own servers say", .networkNamespaces, .fewAtATime, .serialized)
struct StatusServerTests {
    private static func node(taints: [NodeSpec.Taint] = [], deleted: Bool = false) -> Node {
        var node = Node(metadata: ObjectMeta(name: "node-1"))
        node.spec.taints = taints
        if deleted { node.metadata.deletionTimestamp = .now }
        return node
    }

    @Test("/healthz follows the node and the proxy, /livez the proxy alone, and both count their answers")
    func health() async throws {
        // Nothing that waits is in time: what the kernel has not acknowledged is late at once.
        let lab = try await StatusLab(syncPeriod: .zero)
        func expect(
            _ healthz: Int, _ livez: Int, eligible: Bool, healthy: Bool,
            _ location: SourceLocation = #_sourceLocation
        ) async throws {
            for (path, status) in [("healthz", healthz), ("livez", livez)] {
                let reply = try #require(try await lab.ask("\(lab.address):10256/\(path)"), sourceLocation: location)
                #expect(reply.status == status, "\(path)", sourceLocation: location)
                #expect(reply.headers["content-type"] == "application/json", sourceLocation: location)
                #expect(reply.headers["x-content-type-options"] == "nosniff", sourceLocation: location)
                let body = try JSONValue(parsing: reply.body)
                #expect(body["healthy"] == .bool(healthy), sourceLocation: location)
                #expect(
                    body["nodeEligible"] == (path == "healthz" ? .bool(eligible) : nil), sourceLocation: location)
                for family in ["IPv4", "IPv6"] {
                    #expect(body["status"]?[family]?["healthy"] == .bool(healthy), sourceLocation: location)
                    let updated = Timestamp(body["status"]?[family]?["lastUpdated"]?.text ?? "")
                    #expect(updated != nil, sourceLocation: location)
                }
                let now = try #require(Timestamp(body["currentTime"]?.text ?? ""), sourceLocation: location)
                let updated = try #require(Timestamp(body["lastUpdated"]?.text ?? ""), sourceLocation: location)
                #expect(status == 200 ? updated == now : updated <= now, sourceLocation: location)
            }
        }
        try await expect(503, 200, eligible: false, healthy: true)
        lab.proxy.submit(.replaceNodes([Self.node()]))
        lab.proxy.submit(.replaceServices([]))
        lab.proxy.submit(.replaceEndpointSlices([]))
        await lab.sync.settled()
        try await expect(200, 200, eligible: true, healthy: true)
        let taint = NodeSpec.Taint(key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule")
        lab.proxy.submit(.node(.modified(Self.node(taints: [taint]))))
        await lab.sync.settled()
        try await expect(503, 200, eligible: false, healthy: true)
        lab.proxy.submit(.node(.modified(Self.node())))
        await lab.sync.settled()
        try await expect(200, 200, eligible: true, healthy: true)
        lab.proxy.submit(.node(.modified(Self.node(deleted: true))))
        await lab.sync.settled()
        try await expect(503, 200, eligible: false, healthy: true)
        lab.proxy.submit(.node(.modified(Self.node())))
        await lab.sync.settled()
        // From now on nobody takes events.
        lab.sync.stop()
        lab.proxy.submit(.synced(.node))
        try await expect(503, 503, eligible: true, healthy: false)
        let text = try await lab.scrape()
        for line in [
            #"proxy_healthz_total{code="200"} 2"#, #"proxy_healthz_total{code="503"} 4"#,
            #"proxy_livez_total{code="200"} 5"#, #"proxy_livez_total{code="503"} 1"#,
        ] {
            #expect(text.contains("\nkubeproxy_\(line)\n"), "\(line)")
        }
        let indicators = try #require(try await lab.ask("127.0.0.1:10249/metrics/slis")).body
        #expect(indicators.contains(#"kubernetes_healthcheck{name="proxy",type="livez"} 0"#))
        await lab.stop()
    }

    @Test("paths, methods, and what is on which address")
    func paths() async throws {
        let lab = try await StatusLab()
        func reply(_ url: String, _ options: [String] = []) async throws -> HTTPReply {
            try #require(try await lab.ask(url, options))
        }
        let metrics = "127.0.0.1:10249"
        #expect(try await reply("\(metrics)/healthz").body == "ok")
        #expect(try await reply("\(metrics)/proxyMode?x=1").body == "nftables")
        #expect(try await reply("\(metrics)/configz").body == String(decoding: StatusLab.configuration, as: UTF8.self))
        #expect(try await reply("\(metrics)/configz").headers["content-type"] == "application/json")
        #expect(
            try await reply("\(metrics)/metrics").headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(
            try await reply("\(metrics)/metrics/slis").body.contains(
                #"kubernetes_healthcheck{name="proxy",type="livez"} 1"#))
        for path in ["/", "/livez", "/metrics/", "//metrics", "/debug/pprof"] {
            #expect(try await reply("\(metrics)\(path)").status == 404, "\(path)")
        }
        for path in ["/metrics", "/", "/configz"] {
            #expect(try await reply("\(lab.address):10256\(path)").status == 404, "\(path)")
        }
        let posted = try await reply("\(metrics)/metrics", ["--data", "x"])
        #expect(posted.status == 405 && posted.headers["allow"] == "GET, HEAD")
        let head = try await reply("\(metrics)/proxyMode", ["--head"])
        #expect(head.status == 200 && head.headers["content-length"] == "8" && head.body.isEmpty)
        // The metrics are for this node alone.
        #expect(try await lab.ask("\(lab.address):10249/metrics") == nil)
        #expect(lab.log.all == [])
        await lab.stop()
    }

    private final class Failures: Sendable {
        private let recorded = Mutex<[BindFailure]>([])
        var all: [BindFailure] { recorded.withLock { $0 } }
        func add(_ failure: BindFailure) { recorded.withLock { $0.append(failure) } }
    }

    @Test("an address that is taken: told once and tried again, or an error where that is wanted")
    func taken() async throws {
        let namespace = try LabNamespace.create(forwards: false)
        let log = LogLines()
        let loopback = try IPAddress("127.0.0.1")
        let logger = log.makeLogger()
        func server(port: UInt16) throws -> StatusServer {
            try namespace.run {
                var limits = HTTPLimits()
                limits.firstRetryDelay = .milliseconds(20)
                limits.longestRetryDelay = .milliseconds(100)
                return StatusServer(
                    name: "metrics server", at: ListenAddress(address: loopback, port: port),
                    routes: ["/": .immediate { .text("here") }], limits: limits, logger: logger)
            }
        }
        let holder = try server(port: 0)
        try await holder.start()
        let port = try #require(holder.port)
        let hard = try server(port: port)
        let expected =
            "metrics server cannot listen on 127.0.0.1:\(port): bind: Address already in use (EADDRINUSE)"
        let failures = Failures()
        let failure = await #expect(throws: BindFailure.self) {
            try await hard.start(failsHard: true) { failures.add($0) }
        }
        #expect(failure?.description == expected && failure?.service == nil)
        #expect(failures.all.map(\.description) == [expected])
        #expect(hard.port == nil)
        await hard.stop()
        #expect(log.all == [])
        let soft = try server(port: port)
        try await soft.start { failures.add($0) }
        #expect(soft.port == nil)
        #expect(failures.all.count == 2)
        await holder.stop()
        try await eventually { soft.port == port }
        #expect(try await StatusLab.ask("127.0.0.1:\(port)/", in: namespace)?.body == "here")
        #expect(failures.all.count == 2)
        #expect(
            log.all == ["error: \(expected); trying again", "notice: metrics server listens on 127.0.0.1:\(port) now"])
        await soft.stop()
    }

    @Test("a server at [::] answers both families")
    func bothFamilies() async throws {
        let namespace = try LabNamespace.create(forwards: false)
        let logger = LogLines().makeLogger()
        let server = try namespace.run {
            StatusServer(
                name: "healthz server", at: ListenAddress(address: IPAddress(number: 0, family: .ipv6), port: 10256),
                routes: ["/": .immediate { .text("here") }], logger: logger)
        }
        try await server.start(failsHard: true)
        for host in ["127.0.0.1", "[::1]"] {
            #expect(try await StatusLab.ask("\(host):10256/", in: namespace)?.body == "here", "\(host)")
        }
        await server.stop()
    }

    @Test("a health check server that cannot listen says whose it is")
    func healthCheckFailure() async throws {
        let failures = Failures()
        let lab = try HealthLab { failures.add($0) }
        lab.update(hosts: [9], ["web": (30_100, 1)])
        try await eventually { failures.all.count == 2 }
        #expect(Set(failures.all.map(\.service)) == [ObjectName(namespace: "default", name: "web")])
        #expect(Set(failures.all.map(\.place.address)) == Set(LabAddresses.host(9).both))
        await lab.server.stop()
    }
}
