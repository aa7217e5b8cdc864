import APIMachinery
import KubeAPI
import NIOCore

extension ServedKind {
    /// Appends a stored object as JSON: its bytes, with the resource version behind the opening.
    func write(_ record: ObjectRecord, to buffer: inout ByteBuffer) throws(Status) {
        guard rules.storedShape == nil else {
            buffer.writeBytes(try decode(record).tree.json)
            return
        }
        buffer.writeBytes(opening)
        writeBody(record, to: &buffer)
    }

    /// As `write`, without `apiVersion` and `kind`, which a list says once for all.
    func writeItem(_ record: ObjectRecord, to buffer: inout ByteBuffer) throws(Status) {
        guard rules.storedShape == nil else {
            var object = try decode(record)
            object["apiVersion"] = nil
            object["kind"] = nil
            buffer.writeBytes(object.tree.json)
            return
        }
        buffer.writeStaticString("{\"metadata\":{")
        writeBody(record, to: &buffer)
    }

    private func writeBody(_ record: ObjectRecord, to buffer: inout ByteBuffer) {
        if record.revision != 0 {
            buffer.writeStaticString("\"resourceVersion\":\"")
            buffer.writeString(String(record.revision))
            buffer.writeStaticString("\",")
        }
        buffer.writeBytes(record.value[opening.count...])
    }

    /// The object's metadata alone (`PartialObjectMetadata`), as JSON.
    func partialMetadata(_ record: ObjectRecord) throws(Status) -> [UInt8] {
        var bytes = Array(#"{"apiVersion":"meta.k8s.io/v1","kind":"PartialObjectMetadata","metadata":"#.utf8)
        if rules.storedShape == nil, record.revision != 0 {
            MetadataText(of: record.value.span, from: opening.count - 1)
                .append(of: record.value.span, resourceVersion: record.resourceVersion, to: &bytes)
        } else {
            (try decode(record)["metadata"] ?? .null).write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Some of the fields of an object, as they are stored.
    func decode(_ record: ObjectRecord, keeping mask: FieldMask) throws(Status) -> Unstructured {
        guard rules.storedShape == nil else { return try decode(record) }
        do throws(DecodeError) {
            return try Unstructured(JSONValue(json: record.value.span, keeping: mask))
        } catch {
            throw .internalError("the stored \(resource.kind) cannot be read: \(error)")
        }
    }

    /// One object as the client wants it.
    func text(_ record: ObjectRecord, as representation: Representation) throws(Status) -> ByteBuffer {
        var buffer = ByteBuffer()
        switch representation {
        case .objects:
            buffer.reserveCapacity(record.value.count + 48)
            try write(record, to: &buffer)
        case .metadata: buffer.writeBytes(try partialMetadata(record))
        case .table(let inclusion):
            let table = TableDocument(rules, inclusion: inclusion, now: .now)
            buffer.writeBytes(
                table.json(
                    metadata: JSONObject(["resourceVersion": .string(record.resourceVersion)]),
                    [
                        try decode(record)
                    ]))
        }
        buffer.writeStaticString("\n")
        return buffer
    }
}
