/// Writes the fields of a protobuf message (protobuf.dev encoding): what is empty is left out, as proto3 has it.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func string(_ field: Int, _ text: String) {
        if !text.isEmpty { lengthDelimited(field, Array(text.utf8)) }
    }

    mutating func bool(_ field: Int, _ value: Bool) {
        guard value else { return }
        varint(UInt64(field) << 3)
        varint(1)
    }

    /// An embedded message; one that is empty is written nevertheless, as it says that it is there.
    mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        lengthDelimited(field, inner.bytes)
    }

    private mutating func lengthDelimited(_ field: Int, _ content: [UInt8]) {
        varint(UInt64(field) << 3 | 2)
        varint(UInt64(content.count))
        bytes += content
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
