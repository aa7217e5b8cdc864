import FoundationEssentials
import KubeAPI
import NIOCore
import Netlink
import Storage
import Testing

@testable import ControlPlane

/// What clients can make the server do without end: nothing.
@Suite struct APIBoundTests {
    private static let configMaps = "/api/v1/namespaces/default/configmaps"

    private func withServer(
        _ change: (inout APIServerConfiguration) -> Void = { _ in }, _ body: (ServedStore) async throws -> Void
    ) async throws {
        var configuration = APIServerConfiguration()
        change(&configuration)
        try await ServedStore.run(EmbeddedStore(), configuration) { api in
            try await api.registry.start()
            try await body(api)
        }
    }

    private static func head(_ method: String, _ path: String, _ length: Int) -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: \(length)\r\n\r\n"
    }

    /// What a metric says; nil where it is not there.
    private static func metric(_ api: ServedStore, _ series: String) async throws -> Double? {
        try await api.get("/metrics").text.split(separator: "\n").first { $0.hasPrefix("\(series) ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    @Test(arguments: ["/api/v1/namespaces/default/pods/none", "/api/v1/nothing", "/healthz"])
    func answerToHeadHasNoBody(path: String) async throws {
        try await ServedStore.run { api in
            let head = "HEAD \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            let connection = try await RawConnection.open(
                api.port, head + "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            try await connection.closed()
            // Right after the end of the first answer's head comes that of the second.
            let end = try #require(connection.text.range(of: "\r\n\r\n"))
            #expect(connection.text[end.upperBound...].hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func headThatComesByDropsIsNotWaitedFor() async throws {
        try await withServer({ $0.idleLimit = .milliseconds(300) }) { api in
            let connection = try await RawConnection.open(api.port, "GET /api/v1/pods HT")
            let drops = Task {
                while !connection.isClosed {
                    try await connection.send("T")
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            try await connection.closed()
            drops.cancel()
        }
    }

    @Test func bodyThatComesByDropsIsNotWaitedFor() async throws {
        try await withServer({ $0.requestLimit = .milliseconds(300) }) { api in
            let connection = try await RawConnection.open(api.port, Self.head("POST", Self.configMaps, 1000))
            let drops = Task {
                while !connection.isClosed {
                    try await connection.send(" ")
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            try await connection.closed()
            drops.cancel()
            let busy = "apiserver_current_inflight_requests{request_kind=\"mutating\"}"
            try await eventually { try await Self.metric(api, busy) == 0 }
        }
    }

    @Test func listThatNobodyReadsIsNotHeldForEver() async throws {
        try await withServer({ $0.requestLimit = .milliseconds(500) }) { api in
            var service = Service("large")
            service.metadata.annotations["text"] = String(repeating: "x", count: 1 << 18)
            for index in 0..<60 {
                service.metadata.name = "large-\(index)"
                _ = try await api.put(service)
            }
            let connection = try await RawConnection.open(
                api.port, reads: false, "GET /api/v1/services HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            // It is counted when it is over.
            let counted = #"resource="services",scope="cluster",subresource="",verb="LIST",version="v1"} 1"#
            try await eventually { try await api.get("/metrics").text.contains(counted) }
            try await connection.close()
        }
    }

    @Test func moreRequestsAtOnceThanAllowedAreRefused() async throws {
        try await withServer({ $0.maximumMutatingRequestsInFlight = 2 }) { api in
            let body = #"{"metadata":{"name":"a"}}"#
            let first = try await RawConnection.open(api.port, Self.head("POST", Self.configMaps, body.utf8.count))
            let second = try await RawConnection.open(api.port, Self.head("POST", Self.configMaps, 100))
            let busy = "apiserver_current_inflight_requests{request_kind=\"mutating\"}"
            try await eventually { try await Self.metric(api, busy) == 2 }
            let refused = try await api.get(Self.configMaps, method: "POST", body: #"{"metadata":{"name":"b"}}"#)
            #expect(refused.code == 429 && refused.headers.first(name: "Retry-After") == "1")
            let status: Status = try refused.decode()
            #expect(status.reason == "TooManyRequests")
            #expect(status.message == "Too many requests, please try again later.")
            #expect(status.details?.retryAfterSeconds == 1)
            // Others are not held up, and what holds places gives them back.
            #expect(try await api.get(Self.configMaps).code == 200)
            #expect(try await api.get("/livez").code == 200)
            try await first.send(body)
            try await eventually { first.text.contains("201 Created") }
            try await second.close()
            try await eventually { try await Self.metric(api, busy) == 0 }
            #expect(try await api.get(Self.configMaps, method: "POST", body: #"{"metadata":{"name":"b"}}"#).code == 201)
            let refusals = try await api.get("/metrics").text.split(separator: "\n").filter {
                $0.hasPrefix("apiserver_request_total{") && $0.contains("code=\"429\"")
            }
            #expect(refusals.count == 1 && refusals[0].hasSuffix(" 1"), "\(refusals)")
        }
    }

    @Test func bodyOverThreeMebibytesIsRefused() async throws {
        try await withServer { api in
            let text = String(repeating: "x", count: 3 << 20)
            let answer = try await api.get(
                Self.configMaps, method: "POST", body: #"{"metadata":{"name":"a"},"data":{"k":"\#(text)"}}"#)
            let status: Status = try answer.decode()
            #expect(answer.code == 413 && status.reason == "RequestEntityTooLarge")
            #expect(status.message == "Request entity too large: limit is 3145728")
        }
    }

    @Test(arguments: [
        (#"{"metadata":"#, 400, "BadRequest"), ("[]", 400, "BadRequest"), ("\u{0}", 400, "BadRequest"),
        (String(repeating: "[", count: 2_000_000), 400, "BadRequest"),
        (String(repeating: #"{"a":"#, count: 500_000), 400, "BadRequest"),
        (#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"}}"#, 400, "BadRequest"),
        (#"{"kind":"ConfigMap","apiVersion":"v2","metadata":{"name":"a"}}"#, 400, "BadRequest"),
        (#"{"metadata":{"name":7}}"#, 400, "BadRequest"), (#"{"metadata":{"name":"A B"}}"#, 422, "Invalid"),
        (#"{"metadata":{}}"#, 422, "Invalid"), (#"{"metadata":{"name":"a","namespace":"other"}}"#, 400, "BadRequest"),
    ])
    func badBodiesGetAStatus(body: String, code: Int, reason: String) async throws {
        try await withServer { api in
            let answer = try await api.get(Self.configMaps, method: "POST", body: body)
            let status: Status = try answer.decode()
            #expect(answer.code == code && status.code == code && status.reason == reason, "\(answer.text)")
        }
    }

    @Test func thousandsOfIdleWatchesCostLittleAndAllHear() async throws {
        OpenFiles.raiseLimit()
        let count = 2000
        try await withServer { api in
            let (before, others) = (try Self.residentKiB(), api.store.watchCount)
            let request =
                "GET \(Self.configMaps)?watch=1&resourceVersion=\(api.store.revision) HTTP/1.1\r\n"
                + "Host: 127.0.0.1\r\n\r\n"
            var watches: [RawConnection] = []
            for number in 0..<count {
                watches.append(try await RawConnection.open(api.port, request))
                // No more than the kernel's queue of connections holds.
                if number % 100 == 99 { try await eventually { api.store.watchCount > number - 50 } }
            }
            try await eventually { api.store.watchCount == others + count }
            // Both ends of each are here.
            let each = (try Self.residentKiB() - before) / count
            #expect(each < 100, "\(each) KiB for each watch")
            #expect(
                try await api.get("/metrics").text.contains(
                    #"resource="configmaps",scope="namespace",subresource="",verb="WATCH",version="v1"} 2000"#))
            let made = try await api.get(Self.configMaps, method: "POST", body: #"{"metadata":{"name":"news"}}"#)
            #expect(made.code == 201)
            try await eventually { watches.allSatisfy { $0.text.contains(#""name":"news""#) } }
            for watch in watches { try await watch.close() }
            try await eventually { api.store.watchCount == others }
        }
    }

    /// VmRSS of proc(5).
    private static func residentKiB() throws -> Int {
        let status = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/status")), as: UTF8.self)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(line.split { $0 == " " || $0 == "\t" }.compactMap { Int($0) }.first)
    }
}
