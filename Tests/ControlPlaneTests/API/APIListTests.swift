import FoundationEssentials
import KubeAPI
import NIOCore
import Storage
import Testing

@testable import ControlPlane

@Suite struct APIListTests {
    private static let path = "/api/v1/services"

    private func add(_ count: Int, to api: ServedStore, prefix: String = "s") async throws {
        for index in 0..<count {
            var service = Service("\(prefix)\(1000 + index)").labeled(["parity": index % 2 == 0 ? "even" : "odd"])
            service.metadata.namespace = index % 4 == 0 ? "other" : "default"
            service.spec.clusterIP = "10.96.\(index / 256).\(index % 256)"
            _ = try await api.put(service)
        }
    }

    @Test func pagesOfAThousandObjectsWhileTheyChange() async throws {
        try await ServedStore.run { api in
            try await add(1000, to: api)
            let whole = try await api.list(Service.self, Self.path)
            #expect(whole.kind == "ServiceList" && whole.apiVersion == "v1")
            #expect(whole.items.count == 1000 && whole.metadata.resourceVersion == "1001")
            var items: [Service] = []
            var token: String?
            repeat {
                let path = Self.path + "?limit=300" + (token.map { "&continue=\($0)" } ?? "")
                let page = try await api.list(Service.self, path)
                items += page.items
                token = page.metadata.continue
                #expect(page.metadata.resourceVersion == "1001")
                #expect(page.metadata.remainingItemCount == (token == nil ? nil : 1000 - items.count))
                // What happens between two pages is not on them.
                _ = try await api.delete(items[0])
                _ = try await api.put(Service("new-\(items.count)"))
            } while token != nil
            #expect(items == whole.items)
            #expect(try await api.list(Service.self, Self.path).items.count == 1003)
            let other = try await api.list(Service.self, "/api/v1/namespaces/other/services")
            #expect(other.items.count == 250 && other.items.allSatisfy { $0.metadata.namespace == "other" })
        }
    }

    @Test(arguments: ["", "&labelSelector=parity", "&resourceVersionMatch=NotOlderThan"])
    func aListOfAnyVersionIsWhole(options: String) async throws {
        try await ServedStore.run { api in
            try await add(30, to: api)
            let list = try await api.list(Service.self, Self.path + "?resourceVersion=0&limit=20" + options)
            #expect(list.items.count == 30 && list.metadata.continue == nil)
            let page = try await api.list(Service.self, Self.path + "?resourceVersion=30&limit=20")
            #expect(page.items.count == 20 && page.metadata.continue != nil)
        }
    }

    @Test func pagesOfASelectionAreFull() async throws {
        try await ServedStore.run { api in
            try await add(100, to: api)
            var names: [String] = []
            var token: String?
            repeat {
                let path = Self.path + "?limit=20&labelSelector=parity%3Dodd" + (token.map { "&continue=\($0)" } ?? "")
                let page = try await api.list(Service.self, path)
                names += page.items.map(\.metadata.name)
                token = page.metadata.continue
                #expect(page.items.count == (token == nil ? 10 : 20) && page.metadata.remainingItemCount == nil)
            } while token != nil
            #expect(names == (0..<100).filter { $0 % 2 == 1 }.map { "s\(1000 + $0)" })
        }
    }

    @Test func tokensThatAreTooOldOrNone() async throws {
        try await ServedStore.run(.limited(10)) { api in
            try await add(20, to: api)
            let token = try #require(try await api.list(Service.self, Self.path + "?limit=5").metadata.continue)
            #expect(try await api.get(Self.path + "?limit=5&continue=\(token)").code == 200)
            #expect(
                try await api.failure(Self.path + "?continue=\(token)&resourceVersion=3").message
                    == "specifying resource version is not allowed when using continue")
            try await add(20, to: api, prefix: "t")
            let expired = try await api.failure(Self.path + "?limit=5&continue=\(token)")
            #expect(expired.code == 410 && expired.reason == "Expired")
            #expect(expired.message.hasPrefix("The provided continue parameter is too old"))
            let old = PageToken(revision: 99999, start: "default/a").text
            // As left by a daemon that ran before this one.
            #expect(try await api.failure(Self.path + "?limit=5&continue=\(old)").code == 410)
            #expect(
                try await api.failure(Self.path + "?continue=nonsense").message
                    == "invalid continue token: continue key is not valid")
        }
    }

    @Test func resourceVersions() async throws {
        try await ServedStore.run(.limited(10)) { api in
            try await add(20, to: api)
            func count(_ query: String) async throws -> Int {
                try await api.list(Service.self, Self.path + "?" + query).items.count
            }
            for query in ["resourceVersion=", "resourceVersion=0", "resourceVersion=5", "resourceVersion=15"] {
                #expect(try await count(query) == 20, "\(query)")
            }
            #expect(try await count("resourceVersion=5&resourceVersionMatch=NotOlderThan") == 20)
            #expect(try await count("resourceVersion=0&resourceVersionMatch=NotOlderThan") == 20)
            #expect(try await count("resourceVersion=15&resourceVersionMatch=Exact") == 14)
            #expect(try await count("resourceVersion=15&limit=500") == 14)
            let exact = try await api.failure(Self.path + "?resourceVersion=5&resourceVersionMatch=Exact")
            #expect(exact == .expired("The resourceVersion for the provided list is too old."))
            for query in ["resourceVersion=22", "resourceVersion=22&resourceVersionMatch=Exact"] {
                let answer = try await api.get(Self.path + "?" + query)
                let status: Status = try answer.decode()
                #expect(answer.code == 504 && answer.headers["Retry-After"] == ["1"])
                #expect(status.message == "Timeout: Too large resource version: 22, current: 21")
                #expect(status.details?.causes.first?.reason == "ResourceVersionTooLarge")
            }
            #expect(try await api.failure(Self.path + "?resourceVersion=abc").code == 400)
            #expect(try await api.failure(Self.path + "?limit=many").code == 400)
        }
    }

    @Test(arguments: [
        ("resourceVersionMatch=Exact", "resourceVersionMatch is forbidden unless resourceVersion is provided"),
        ("resourceVersion=1&resourceVersionMatch=Older", "Unsupported value: \"Older\""),
        ("resourceVersion=0&resourceVersionMatch=Exact", "is forbidden for resourceVersion \"0\""),
        (
            "resourceVersion=1&resourceVersionMatch=Exact&continue=x",
            "resourceVersionMatch is forbidden when continue is provided"
        ),
        ("sendInitialEvents=true", "sendInitialEvents is forbidden for list"),
        (
            "watch=1&sendInitialEvents=true",
            "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
        ),
        (
            "watch=1&resourceVersion=1&resourceVersionMatch=NotOlderThan",
            "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
        ),
    ])
    func optionsThatDoNotGoTogether(query: String, words: String) async throws {
        try await ServedStore.run { api in
            let status = try await api.failure(Self.path + "?" + query)
            #expect(status.code == 422 && status.reason == "Invalid" && status.message.contains(words))
            #expect(status.message.hasPrefix("ListOptions.meta.k8s.io \"\" is invalid: "))
        }
    }

    @Test func selectors() async throws {
        try await ServedStore.run { api in
            try await add(8, to: api)
            var pod = Pod("p1", app: "web", ["10.244.0.5"])
            _ = try await api.put(pod)
            pod.metadata.name = "p2"
            pod.spec.nodeName = "n2"
            pod.status.phase = "Pending"
            _ = try await api.put(pod)
            func names(_ path: String) async throws -> [String] {
                struct Named: Decodable {
                    struct Metadata: Decodable { let name: String }
                    let metadata: Metadata
                }
                return try await api.get(path).decode(ListAnswer<Named>.self).items.map(\.metadata.name)
            }
            let services = Self.path + "?"
            #expect(try await names(services + "labelSelector=parity+in+(odd),!missing").count == 4)
            #expect(
                try await names(services + "labelSelector=parity%3Deven&fieldSelector=metadata.namespace%3Dother") == [
                    "s1000", "s1004",
                ])
            #expect(try await names(services + "fieldSelector=metadata.name=s1003") == ["s1003"])
            #expect(try await names(services + "fieldSelector=spec.clusterIP=10.96.0.2") == ["s1002"])
            #expect(try await names(services + "fieldSelector=spec.type!=ClusterIP").isEmpty)
            #expect(try await names("/api/v1/pods?fieldSelector=spec.nodeName%3Dn2") == ["p2"])
            #expect(
                try await names("/api/v1/pods?fieldSelector=status.phase=Running,status.podIP=10.244.0.5") == ["p1"])
            let unknown = try await api.failure(services + "fieldSelector=spec.color=red")
            #expect(unknown == .badRequest("field label not supported: spec.color"))
            let slices = "/apis/discovery.k8s.io/v1/endpointslices?fieldSelector=addressType=IPv4"
            #expect(
                try await api.failure(slices).message
                    == "\"addressType\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
            #expect(try await api.failure(services + "labelSelector=a%3D%3D%3Db").code == 400)
            #expect(try await api.failure(services + "fieldSelector=name").code == 400)
        }
    }

    @Test func readThroughTheClientsReader() async throws {
        try await ServedStore.run { api in
            try await add(50, to: api)
            let response = try await api.http.execute(api.request(Self.path), timeout: .seconds(60))
            var reader = ListReader<Service>()
            var read: [Service] = []
            for try await chunk in response.body {
                try reader.read(chunk.readableBytesSpan) { read.append(contentsOf: (try? $0.get()).map { [$0] } ?? []) }
            }
            let metadata = try reader.finish()
            #expect(metadata.resourceVersion == "51")
            let stored = try await api.stored(Service.resource).map(\.name)
            #expect(read.map(\.metadata.name) == stored)
        }
    }
}
