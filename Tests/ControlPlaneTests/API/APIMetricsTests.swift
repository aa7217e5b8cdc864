import FoundationEssentials
import KubeAPI
import Testing

@testable import ControlPlane

/// `/metrics` of the API: what requests count as.
@Suite struct APIMetricsTests {
    private static let configMaps = "/api/v1/namespaces/default/configmaps"

    private func lines(_ api: ServedStore, _ name: String) async throws -> [String] {
        let answer = try await api.get("/metrics")
        #expect(answer.code == 200)
        #expect(answer.headers.first(name: "Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        return answer.text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("\(name){") }
    }

    @Test func requestsAreCountedByWhatTheyAskFor() async throws {
        try await ServedStore.run { api in
            try await api.registry.start()
            for _ in 0..<2 {
                _ = try await api.get(Self.configMaps, method: "POST", body: #"{"metadata":{"name":"a"}}"#)
            }
            _ = try await api.get(Self.configMaps)
            _ = try await api.get("/api/v1/configmaps")
            _ = try await api.get("\(Self.configMaps)/a")
            _ = try await api.get("\(Self.configMaps)/a?dryRun=All", method: "DELETE")
            _ = try await api.get("/api/v1/namespaces/default/nonsense/a")
            _ = try await api.get("/apis/nonsense/v1/\(UUID().uuidString.lowercased())")
            _ = try await api.get("/livez")
            let counted = try await lines(api, "apiserver_request_total").map { line in
                line.replacing("apiserver_request_total", with: "").replacing("component=\"apiserver\",", with: "")
            }
            #expect(
                Set(counted) == [
                    #"{code="201",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 1"#,
                    #"{code="409",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 1"#,
                    #"{code="200",dry_run="",group="",resource="configmaps",scope="namespace",subresource="",verb="LIST",version="v1"} 1"#,
                    #"{code="200",dry_run="",group="",resource="configmaps",scope="cluster",subresource="",verb="LIST",version="v1"} 1"#,
                    #"{code="200",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="GET",version="v1"} 1"#,
                    #"{code="200",dry_run="All",group="",resource="configmaps",scope="resource",subresource="",verb="DELETE",version="v1"} 1"#,
                    #"{code="404",dry_run="",group="",resource="",scope="",subresource="",verb="GET",version=""} 1"#,
                    #"{code="404",dry_run="",group="",resource="",scope="",subresource="",verb="LIST",version=""} 1"#,
                    #"{code="200",dry_run="",group="",resource="",scope="",subresource="/livez",verb="GET",version=""} 1"#,
                ])
            let durations = try await lines(api, "apiserver_request_duration_seconds_count")
            #expect(durations.contains { $0.contains(#"verb="POST""#) && $0.hasSuffix(" 2") })
        }
    }

    @Test func objectsAndEventsAreCounted() async throws {
        try await ServedStore.run { api in
            try await api.registry.start()
            var lines = try await api.watch("\(Self.configMaps)?watch=1")
            for name in ["a", "b"] {
                _ = try await api.get(
                    Self.configMaps, method: "POST", body: #"{"metadata":{"name":"\#(name)"}}"#)
                _ = try await lines.next()
            }
            let objects = try await self.lines(api, "apiserver_storage_objects")
            #expect(objects.contains(#"apiserver_storage_objects{resource="configmaps"} 2"#))
            #expect(objects.contains(#"apiserver_storage_objects{resource="deployments.apps"} 0"#))
            // Events of both groups are one kind.
            #expect(Set(objects).count == objects.count)
            let events = try await self.lines(api, "apiserver_watch_events_total")
            #expect(
                events.contains(#"apiserver_watch_events_total{group="",resource="configmaps",version="v1"} 2"#))
            let running = try await self.lines(api, "apiserver_longrunning_requests")
            #expect(running.count == 1 && running[0].hasSuffix(" 1"), "\(running)")
            let text = try await api.get("/metrics").text
            for name in ["process_resident_memory_bytes ", "process_cpu_seconds_total ", "kubernetes_build_info{"] {
                #expect(text.contains("\n\(name)"))
            }
        }
    }
}
