import FoundationEssentials

/// `metadata` of a list (meta/v1 `ListMeta`).
package struct ListMetadata: Sendable, Equatable {
    package var resourceVersion = ""
    /// What asks for the next page; empty on the last one.
    package var continueToken = ""
    package var remainingItemCount: Int?

    package init() {}
}

/// Reads a list as its bytes come in, in pieces of any size, and never holds more than one object.
package struct ListReader<Object: WireObject> {
    private struct List: Decodable {
        struct Metadata: Decodable {
            var resourceVersion: String?
            var `continue`: String?
        }
        var metadata: Metadata
        var items: [Object]?
    }

    private var received: [UInt8] = []

    package init() {}

    /// Takes the next bytes, and hands out every object that they complete.
    ///
    /// - Throws: `DecodeError` for what is no list; an object that cannot be read is handed out as such.
    package mutating func read(
        _ bytes: RawSpan, _ item: (Result<Object, UnreadableObject>) -> Void
    ) throws(DecodeError) {
        for index in bytes.byteOffsets {
            received.append(unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        guard let list = try? JSON.decode(List.self, from: Data(received)) else { return }
        for object in list.items ?? [] { item(.success(object)) }
    }

    /// - Throws: `DecodeError.malformed` when the list did not come to its end.
    package consuming func finish() throws(DecodeError) -> ListMetadata {
        let list = try JSON.decode(List.self, from: Data(received))
        var metadata = ListMetadata()
        metadata.resourceVersion = list.metadata.resourceVersion ?? ""
        metadata.continueToken = list.metadata.continue ?? ""
        return metadata
    }
}
