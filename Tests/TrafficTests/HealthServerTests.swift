import HealthServer
import Net
import Netlink
import TestSupport
import Testing

@Suite("Health check servers", .networkNamespaces, .fewAtATime, .serialized)
struct HealthServerTests {
    @Test(
        "Status, header fields and JSON follow the local endpoints and the proxy's health", arguments: IPFamily.allCases
    )
    func answers(family: IPFamily) async throws {
        let lab = try HealthLab()
        let address = LabAddresses.host(1)[family]
        func expect(
            _ status: Int, endpoints: Int, healthy: Bool = true, _ location: SourceLocation = #_sourceLocation
        ) async throws {
            lab.setHealthy(healthy)
            lab.update(hosts: [1], ["web": (30_100, endpoints)])
            try await eventually(location) {
                try lab.ask(address, 30_100)?.headers["x-load-balancing-endpoint-weight"] == "\(endpoints)"
            }
            for path in ["/", "/healthz", "/any/path?x=%20"] {
                let reply = try #require(try lab.ask(address, 30_100, path: path), sourceLocation: location)
                #expect(reply.status == status, sourceLocation: location)
                #expect(reply.headers["content-type"] == "application/json", sourceLocation: location)
                #expect(reply.headers["x-content-type-options"] == "nosniff", sourceLocation: location)
                let expected: JSONValue = .object([
                    "service": .object(["namespace": .string("default"), "name": .string("web")]),
                    "localEndpoints": .number(endpoints), "serviceProxyHealthy": .bool(healthy),
                ])
                try #expect(JSONValue(parsing: reply.body) == expected, sourceLocation: location)
            }
        }
        try await expect(200, endpoints: 1)
        try await expect(200, endpoints: 3)
        try await expect(503, endpoints: 0)
        try await expect(503, endpoints: 2, healthy: false)
        try await expect(200, endpoints: 2)
        let head = try #require(try lab.ask(address, 30_100, ["--head"]))
        #expect(head.status == 200 && head.headers["x-load-balancing-endpoint-weight"] == "2" && head.body.isEmpty)
        await lab.server.stop()
        // A program that another test starts just then holds the sockets for a moment.
        try await eventually { try lab.listeners() == [:] }
        #expect(lab.log.all == [])
    }

    @Test("Listeners come and go with addresses and Services, and those that stay are not touched")
    func changes() async throws {
        let lab = try HealthLab()
        func expect(
            _ hosts: [UInt8], _ ports: [UInt16], _ location: SourceLocation = #_sourceLocation
        ) async throws -> [String: String] {
            lab.update(
                hosts: hosts, Dictionary(uniqueKeysWithValues: ports.map { ("port-\($0)", ($0, Int($0) % 10)) }))
            let names = HealthLab.names(hosts: hosts, ports: ports)
            var found: [String: String] = [:]
            try await eventually(location) {
                found = try lab.listeners()
                return Set(found.keys) == names
            }
            return found
        }
        let first = try await expect([1], [30_101, 30_102])
        for address in LabAddresses.host(1).both {
            try #expect(lab.ask(address, 30_101)?.body.contains("port-30101") == true)
            try #expect(lab.ask(address, 30_102)?.body.contains("port-30102") == true)
        }
        for address in LabAddresses.host(2).both { try #expect(lab.ask(address, 30_101) == nil) }

        let second = try await expect([1, 2], [30_101, 30_102])
        #expect(first.allSatisfy { second[$0.key] == $0.value }, "another address")
        let third = try await expect([1, 2], [30_102, 30_103])
        #expect(third.filter { $0.key.hasSuffix("30102") } == second.filter { $0.key.hasSuffix("30102") })
        for address in LabAddresses.host(1).both { try #expect(lab.ask(address, 30_101) == nil) }

        let moved = try await expect([3], [30_102])
        for address in LabAddresses.host(3).both { try #expect(lab.ask(address, 30_102)?.status == 200) }
        // What goes and comes back in values that follow each other at once is there in the end.
        for number in 1...50 {
            lab.update(hosts: [], [:])
            lab.update(hosts: [3], ["port-30102": (30_102, number)])
        }
        for address in LabAddresses.host(3).both {
            try await eventually { try lab.ask(address, 30_102)?.headers["x-load-balancing-endpoint-weight"] == "50" }
        }
        try await eventually { try lab.listeners().keys == moved.keys }
        // A program that another test starts just then holds a closed socket for a moment.
        #expect(lab.log.all.filter { !$0.contains("EADDRINUSE") && !$0.hasSuffix(" now") } == [])
        await lab.server.stop()
    }

    @Test("A port that is taken is one line in the log, harms no other, and is served once it is free")
    func takenPort() async throws {
        var limits = HTTPLimits()
        limits.firstRetryDelay = .milliseconds(20)
        limits.longestRetryDelay = .milliseconds(50)
        let lab = try HealthLab(limits: limits)
        let taken = LabAddresses.host(1).v6
        let holder = try lab.namespace.serve("holder", port: 30_100, on: [taken], transports: [.tcp])
        lab.update(hosts: [1, 4], ["web": (30_100, 1), "other": (30_200, 1)])
        for (address, port) in [(LabAddresses.host(1).v4, 30_100), (LabAddresses.host(1).v6, 30_200)] {
            try await eventually { try lab.ask(address, UInt16(port))?.status == 200 }
        }
        let prefix = "error: health check server of Service default/"
        let failed = [
            "\(prefix)other cannot listen on 192.168.7.4:30200: bind: Cannot assign requested address (EADDRNOTAVAIL)",
            "\(prefix)other cannot listen on [fd07::4]:30200: bind: Cannot assign requested address (EADDRNOTAVAIL)",
            "\(prefix)web cannot listen on 192.168.7.4:30100: bind: Cannot assign requested address (EADDRNOTAVAIL)",
            "\(prefix)web cannot listen on [fd07::1]:30100: bind: Address already in use (EADDRINUSE)",
            "\(prefix)web cannot listen on [fd07::4]:30100: bind: Cannot assign requested address (EADDRNOTAVAIL)",
        ].map { "\($0); trying again" }
        #expect(lab.log.all.sorted() == failed)
        holder.stop()
        try await eventually { try lab.ask(taken, 30_100)?.status == 200 }
        #expect(
            lab.log.all.filter { !failed.contains($0) } == [
                "notice: health check server of Service default/web listens on [fd07::1]:30100 now"
            ])
        await lab.server.stop()
    }

    @Test("Clients that say nothing, too much or nonsense are cut off", .timeLimit(.minutes(10)))
    func hostileClients() async throws {
        var limits = HTTPLimits()
        limits.connectionTime = .seconds(1)
        let lab = try HealthLab(limits: limits)
        let address = LabAddresses.host(1).v4
        lab.update(hosts: [1], ["web": (30_100, 1)])
        try await eventually { try lab.ask(address, 30_100)?.status == 200 }
        // socat reads on until the server ends the connection.
        try #expect(Tool.run("socat", "-u", "TCP:\(address):30100", "-", in: lab.namespace) == "")
        let garbage = try Tool.run("socat", "-t60", "-", "TCP:\(address):30100", in: lab.namespace, input: "\0\r\n\r\n")
        #expect(garbage.hasPrefix("HTTP/1.1 400 "))
        let long = String(repeating: "x", count: 20_000)
        let tooLong = try lab.ask(address, 30_100, ["--header", "X-Long: \(long)"])
        #expect(tooLong.map { $0.status != 200 } ?? true)
        let manyFields = (0..<200).flatMap { ["--header", "X-\($0): y"] }
        #expect(try lab.ask(address, 30_100, manyFields).map { $0.status != 200 } ?? true)
        #expect(lab.log.all == [])
        await lab.server.stop()
    }

    @Test("One connection more than a listener may have is closed, until another ends")
    func tooManyConnections() async throws {
        var limits = HTTPLimits()
        limits.connectionTime = .minutes(10)
        limits.connections = 2
        let lab = try HealthLab(limits: limits)
        let address = LabAddresses.host(1).v4
        lab.update(hosts: [1], ["web": (30_100, 1)])
        try await eventually { try lab.ask(address, 30_100)?.status == 200 }
        let holders = try (0..<2).map { _ in
            try ChildProcess(["socat", "-u", "TCP:\(address):30100", "-"], in: lab.namespace)
        }
        try await eventually { try lab.ask(address, 30_100) == nil }
        for holder in holders { holder.kill() }
        try await eventually { try lab.ask(address, 30_100)?.status == 200 }
        #expect(lab.log.all == [])
        await lab.server.stop()
    }
}
