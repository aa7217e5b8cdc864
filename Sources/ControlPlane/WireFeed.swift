import APIMachinery
import KubeAPI
import Storage

/// A change of an object that a node reads.
package enum WireChange<Object: WireObject>: Sendable {
    /// It is new or has changed.
    case applied(Object)
    case deleted(ObjectName)
    /// It is there, and cannot be read.
    case unreadable(UnreadableObject)

    /// What an event of the store says.
    package init(_ event: StorageEvent) {
        if event.kind == .deleted {
            self = .deleted(Self.name(ofKey: event.pair.key))
        } else {
            self.init(event.pair)
        }
    }

    /// What a stored pair says.
    package init(_ pair: KeyValue) {
        do throws(DecodeError) {
            switch try Object.read(pair.value.span) {
            case .success(let object): self = .applied(object)
            case .failure(let unreadable): self = .unreadable(unreadable)
            }
        } catch {
            self = .unreadable(
                UnreadableObject(kind: Object.resource.kind, name: Self.name(ofKey: pair.key), error: error))
        }
    }

    /// `/registry/services/default/web`.
    private static func name(ofKey key: String) -> ObjectName {
        let parts = key.dropFirst(Object.resource.storedPrefix.count + 1).split(separator: "/")
        return ObjectName(
            namespace: parts.count > 1 ? String(parts[0]) : "", name: parts.last.map { String($0) } ?? "")
    }
}

extension KeyValueStore {
    /// Calls `sink` with every object of a kind that is stored, and with every change, in order. Objects are read from the
    /// stored bytes, once for each change, where the change is committed.
    ///
    /// - Throws: `unavailable`.
    package func follow<Object: WireObject>(
        _ type: Object.Type, sink: @escaping @Sendable (WireChange<Object>) -> Void
    ) async throws(StorageError) -> WatchRegistration {
        try await watch(prefix: Object.resource.storedPrefix + "/", from: .existingPairs) { event in
            sink(WireChange(event))
            return .more
        }
    }
}
