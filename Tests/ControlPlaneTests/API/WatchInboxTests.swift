import APIMachinery
import KubeAPI
import NIOCore
import Storage
import Testing

@testable import ControlPlane

/// The inbox of a watch and the lines that watches share, without a server.
@Suite struct WatchInboxTests {
    private static let kind = KindTable.kubernetes.row(Service.resource).map { ServedKind($0) }

    private func event(_ revision: Int64, port: Int = 80) -> StorageEvent {
        var service = Unstructured(Service.resource, namespace: "default", name: "s\(revision)")
        service["spec"] = ["ports": [["port": JSONValue(port)]]]
        let pair = KeyValue(
            key: "/registry/services/default/s\(revision)", value: Self.kind?.encode(service) ?? [],
            createRevision: revision, modRevision: revision, version: 1)
        return StorageEvent(.added, pair, previous: nil)
    }

    @Test func deliversInOrderAndEndsBehindTheEvents() async {
        let inbox = WatchInbox(capacity: 3)
        for revision in 1...3 { #expect(inbox.put(event(Int64(revision))) == .more) }
        inbox.askForBookmark()
        let first = await inbox.next()
        #expect(first.events.map(\.revision) == [1, 2, 3] && first.bookmarkIsDue && first.ending == nil)
        #expect(inbox.put(event(4)) == .more)
        inbox.end(.timedOut)
        inbox.end(.clientGone)
        #expect(inbox.put(event(5)) == .end)
        let last = await inbox.next()
        #expect(last.events.map(\.revision) == [4] && !last.bookmarkIsDue && last.ending == .timedOut)
        #expect(await inbox.next().ending == .timedOut)
    }

    @Test func isBounded() async {
        let inbox = WatchInbox(capacity: 2)
        #expect([inbox.put(event(1)), inbox.put(event(2)), inbox.put(event(3))] == [.more, .more, .end])
        #expect(inbox.ended.isOpen)
        let delivery = await inbox.next()
        #expect(delivery.events.map(\.revision) == [1, 2] && delivery.ending == .overflowed)
    }

    @Test func wakesItsReader() async {
        let inbox = WatchInbox(capacity: 1)
        async let delivery = inbox.next()
        #expect(inbox.put(event(1)) == .more)
        #expect(await delivery.events.count == 1)
        let reader = Task { await inbox.next().ending }
        reader.cancel()
        #expect(await reader.value == .clientGone)
    }

    @Test func linesAreThoseOfTheirObject() throws {
        let lines = WatchLines(try #require(Self.kind))
        let events = (1...200).map { event(Int64($0), port: $0) }
        // More than are kept, and then again those that are no longer.
        for event in events + events {
            let line = try lines.shared(
                .modified, event.pair.key, ObjectRecord(event.pair), as: .objects, withColumns: false)
            let text = String(buffer: line)
            #expect(text.hasPrefix("{\"type\":\"MODIFIED\",\"object\":{") && text.hasSuffix("}\n"))
            #expect(text.contains("\"name\":\"s\(event.revision)\"") && text.contains("\"port\":\(event.revision)"))
            #expect(
                try lines.shared(
                    .modified, event.pair.key, ObjectRecord(event.pair), as: .objects, withColumns: false) == line)
        }
        #expect(
            String(
                buffer: try lines.shared(
                    .deleted, events[0].pair.key, ObjectRecord(events[0].pair), as: .metadata, withColumns: false)
            ).contains("DELETED"))
    }
}
