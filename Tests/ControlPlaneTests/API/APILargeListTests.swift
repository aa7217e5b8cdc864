import FoundationEssentials
import KubeAPI
import NIOCore
import Storage
import Testing

@testable import ControlPlane

@Suite struct APILargeListTests {
    @Test func storeIsFreeWhileAListIsWritten() async throws {
        let store = EmbeddedStore()
        try await ServedStore.run(store) { api in
            for index in 0..<10_000 {
                var slice = EndpointSlice(
                    metadata: ObjectMeta(name: "web-\(100_000 + index)", namespace: "default"), addressType: "IPv4",
                    endpoints: [EndpointSpec(addresses: ["10.244.0.1"])], ports: [EndpointPort(name: "http", port: 80)])
                slice.metadata.labels["kubernetes.io/service-name"] = "web"
                try await api.put(slice)
            }
            let path = "/apis/discovery.k8s.io/v1/endpointslices"
            let response = try await api.http.execute(api.request(path), timeout: .seconds(120))
            let revision = store.revision
            // The list is on its way, and the client has read nothing of it: a commit waits for neither.
            let sentinel = EndpointSlice(
                metadata: ObjectMeta(name: "web-000000", namespace: "default"), addressType: "IPv4")
            #expect(try await api.put(sentinel) == revision + 1)
            var body: [UInt8] = []
            for try await chunk in response.body { body += chunk.readableBytesView }
            let list = try JSON.decode(ListAnswer<EndpointSlice>.self, from: Data(body))
            #expect(list.items.count == 10_000 && list.metadata.resourceVersion == String(revision))
        }
    }
}
