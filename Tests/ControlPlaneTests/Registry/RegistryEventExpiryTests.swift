import KubeAPI
import Storage
import Testing

@testable import ControlPlane

@Suite struct RegistryEventExpiryTests {
    @Test func eventsGoAnHourAfterTheyWereSeenLast() async throws {
        try await ServedStore.run { api in
            try await api.registry.start()
            let path = "/api/v1/namespaces/default/events"
            for (name, times) in [
                ("old", #""firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":"2026-01-01T10:00:00Z""#),
                ("repeated", #""firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":"2026-01-01T11:30:00Z""#),
                (
                    "series",
                    #""eventTime":"2026-01-01T00:00:00.000000Z","reportingComponent":"a.b/c","reportingInstance":"i","action":"a","series":{"count":2,"lastObservedTime":"2026-01-01T11:30:00.000000Z"}"#
                ),
            ] {
                let body =
                    #"{"metadata":{"name":"\#(name)","namespace":"default"},"involvedObject":{"kind":"Pod","name":"a","namespace":"default"},"reason":"R","type":"Normal",\#(times)}"#
                let made = try await api.get(path, method: "POST", body: body)
                #expect(made.code == 201, "\(made.text)")
            }
            // Made now, and before any other time that is asked for here: the server's own time counts, too.
            let kind = try api.registry.kind(.events)
            for pair in try await api.store.range(RangeRequest(.prefix(kind.keyPrefix))).pairs {
                var event = try kind.decode(pair)
                event[["metadata", "creationTimestamp"]] = "2026-01-01T00:00:00Z"
                _ = try await api.store.commit(Transaction([.put(pair.key, kind.encode(event))]))
            }
            let noon = try #require(Timestamp("2026-01-01T12:00:00Z")).microsecondsSinceEpoch
            let hour = Registry.eventLifetimeSeconds * 1_000_000
            #expect(try await api.registry.deleteEvents(lastSeenBefore: noon - hour) == 1)
            let left = try await api.registry.list(.events, namespace: nil).map(\.name)
            #expect(left == ["repeated", "series"])
            #expect(try await api.registry.deleteEvents(lastSeenBefore: noon) == 2)
            #expect(try await api.registry.deleteEvents(lastSeenBefore: noon) == 0)
        }
    }
}
