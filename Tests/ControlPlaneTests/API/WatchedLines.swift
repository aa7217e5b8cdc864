import AsyncHTTPClient
import FoundationEssentials
import KubeAPI
import NIOCore
import Storage

@testable import ControlPlane

/// The lines of a watch, read one after the other.
struct WatchedLines {
    /// A line, as far as tests look at it.
    struct Line: Decodable, Equatable, CustomStringConvertible {
        struct Object: Decodable, Equatable {
            struct Metadata: Decodable, Equatable {
                var name: String?
                var resourceVersion: String?
                var labels: [String: String]?
                var annotations: [String: String]?
            }
            var kind: String
            var metadata: Metadata
            /// Of a `Status`.
            var code: Int?
            var reason: String?
            var message: String?
        }
        var type: String
        var object: Object

        /// `ADDED web`, `BOOKMARK`, `ERROR 410`.
        var description: String {
            [type, object.metadata.name, object.code.map(String.init)].compactMap(\.self).joined(separator: " ")
        }
        var isInitialEventsEnd: Bool { object.metadata.annotations?["k8s.io/initial-events-end"] == "true" }
        var revision: Revision { Revision(object.metadata.resourceVersion ?? "") ?? -1 }
    }

    let response: HTTPClientResponse
    private var chunks: HTTPClientResponse.Body.AsyncIterator
    private var text: [UInt8] = []

    init(_ served: ServedStore, _ path: String) async throws {
        response = try await served.http.execute(served.request(path), timeout: .seconds(60))
        chunks = response.body.makeAsyncIterator()
    }

    /// Nil when the watch has ended as it should.
    mutating func next() async throws -> Line? {
        while true {
            if let end = text.firstIndex(of: UInt8(ascii: "\n")) {
                let line = text[..<end]
                text = Array(text[(end + 1)...])
                return try JSON.decode(Line.self, from: Data(line))
            }
            guard let chunk = try await chunks.next() else { return nil }
            text += chunk.readableBytesView
        }
    }

    /// The next lines, as their descriptions say.
    mutating func next(_ count: Int) async throws -> [String] {
        var lines: [String] = []
        while lines.count < count, let line = try await next() { lines.append(line.description) }
        return lines
    }

    /// All that are left.
    mutating func rest() async throws -> [String] { try await next(.max) }
}

extension ServedStore {
    func watch(_ path: String) async throws -> WatchedLines { try await WatchedLines(self, path) }

    /// Stores an object as it is, whatever the rules of its kind say: reads are what is looked at.
    @discardableResult
    func put(_ object: any KubernetesObject) async throws -> Revision {
        let (kind, tree) = try stored(object)
        return try await store.commit(Transaction([.put(kind.key(tree.objectName), kind.encode(tree))])).revision
    }

    @discardableResult
    func delete(_ object: any KubernetesObject) async throws -> Revision {
        let (kind, tree) = try stored(object)
        return try await store.commit(Transaction([.delete(kind.key(tree.objectName))])).revision
    }

    private func stored(_ object: any KubernetesObject) throws -> (ServedKind, Unstructured) {
        let kind = try registry.kind(type(of: object).resource)
        return (kind, try Unstructured(json: [UInt8](try JSON.encode(object))))
    }

    /// The names and revisions of what is stored of a kind, in their order.
    func stored(_ resource: Resource) async throws -> [(name: String, revision: Revision)] {
        let kind = try registry.kind(resource)
        return try await store.range(RangeRequest(.prefix(kind.keyPrefix))).pairs.map {
            (kind.name(ofKey: $0.key).name, $0.modRevision)
        }
    }
}

extension EmbeddedStore {
    /// A store that forgets all but so many events.
    static func limited(_ count: Int) -> EmbeddedStore { EmbeddedStore(history: HistoryLimit(eventCount: count)) }
}

extension Service {
    /// A Service with these labels.
    func labeled(_ labels: [String: String]) -> Service {
        var service = self
        service.metadata.labels = labels
        return service
    }
}
