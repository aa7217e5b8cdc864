import KubeAPI

/// Bodies in the binary form that Kubernetes' own clients prefer. Whatever has a schema can be read; nothing is written,
/// as every client reads JSON, too.
package enum ProtobufBody {
    /// What the header `Content-Type` says of such a body.
    package static let contentType = "application/vnd.kubernetes.protobuf"

    /// `k8s` and a zero (apimachinery runtime/serializer/protobuf).
    private static let prefix: [UInt8] = [0x6B, 0x38, 0x73, 0x00]

    /// The object as JSON text, as upstream's types would write it.
    ///
    /// - Throws: 400 BadRequest for what is no such body, and for kinds without a schema.
    package static func json(_ bytes: [UInt8], catalog: SchemaCatalog = .kubernetes) throws(Status) -> [UInt8] {
        let envelope = try envelope(of: bytes)
        guard let schema = catalog.protobufSchema(of: envelope.kind) else {
            throw .badRequest(
                "no kind \"\(envelope.kind.kind)\" is registered for version \"\(envelope.kind.apiVersion)\"")
        }
        do throws(ProtobufFault) {
            var tree = JSONValue.object(try ProtobufMessage.object([envelope.raw], schema, in: catalog))
            tree["apiVersion"] = .string(envelope.kind.apiVersion)
            tree["kind"] = .string(envelope.kind.kind)
            return tree.json
        } catch {
            let kind = envelope.kind
            throw .badRequest(
                "\(kind.kind) in version \"\(kind.version)\" cannot be handled as a \(kind.kind): \(error)")
        }
    }

    private static func envelope(of bytes: [UInt8]) throws(Status) -> ProtobufEnvelope {
        guard bytes.starts(with: prefix) else {
            throw .unrecognized(
                bytes.isEmpty
                    ? "empty data"
                    : "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
        }
        guard bytes.count > prefix.count else { throw .unrecognized("empty body") }
        let envelope: ProtobufEnvelope
        do throws(ProtobufFault) {
            envelope = try ProtobufEnvelope(bytes[prefix.count...])
        } catch {
            throw .unrecognized(error.description)
        }
        for (name, text) in [("Kind", envelope.kind.kind), ("apiVersion", envelope.kind.version)] where text.isEmpty {
            throw .badRequest("Object '\(name)' is missing in a protobuf message")
        }
        return envelope
    }
}

/// runtime.Unknown: what the message is, and the message itself.
private struct ProtobufEnvelope {
    private(set) var kind = GroupVersionKind(group: "", version: "", kind: "")
    private(set) var raw: ArraySlice<UInt8> = []

    init(_ bytes: ArraySlice<UInt8>) throws(ProtobufFault) {
        var reader = ProtobufReader(bytes)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag.number {
            case 1: kind = try Self.kind(of: try reader.content(tag, of: "TypeMeta"))
            case 2: raw = try reader.content(tag, of: "Raw")
            default: try reader.skip(tag)
            }
        }
    }

    /// runtime.TypeMeta.
    private static func kind(of bytes: ArraySlice<UInt8>) throws(ProtobufFault) -> GroupVersionKind {
        var reader = ProtobufReader(bytes)
        var names: [String: JSONValue] = [:]
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag.number {
            case 1:
                names["apiVersion"] = .string(
                    String(decoding: try reader.content(tag, of: "APIVersion"), as: UTF8.self))
            case 2: names["kind"] = .string(String(decoding: try reader.content(tag, of: "Kind"), as: UTF8.self))
            default: try reader.skip(tag)
            }
        }
        return GroupVersionKind(
            of: .object(JSONObject(names)), orElse: GroupVersionKind(group: "", version: "", kind: ""))
    }
}

extension SchemaCatalog {
    /// Options of a deletion are the same in every group, and clients name that of what they delete.
    fileprivate func protobufSchema(of kind: GroupVersionKind) -> ObjectSchema? {
        schema(of: kind) ?? (kind.kind == "DeleteOptions" ? self["\(SchemaPackage.meta.prefix)DeleteOptions"] : nil)
    }
}

extension Status {
    fileprivate static func unrecognized(_ cause: String) -> Status {
        .badRequest("the object provided is unrecognized: \(cause)")
    }
}
