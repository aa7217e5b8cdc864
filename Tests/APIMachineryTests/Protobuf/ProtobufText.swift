/// Writes protobuf messages by hand.
enum ProtobufText {
    static func number(_ field: Int, _ value: Int64) -> [UInt8] {
        varint(UInt64(field << 3)) + varint(UInt64(bitPattern: value))
    }

    static func content(_ field: Int, _ bytes: [UInt8]) -> [UInt8] {
        varint(UInt64(field << 3 | 2)) + varint(UInt64(bytes.count)) + bytes
    }

    static func text(_ field: Int, _ text: String) -> [UInt8] { content(field, Array(text.utf8)) }

    /// A whole body.
    static func body(_ apiVersion: String, _ kind: String, _ message: [UInt8]) -> [UInt8] {
        Array("k8s\0".utf8) + content(1, text(1, apiVersion) + text(2, kind)) + content(2, message) + text(3, "")
            + text(4, "")
    }

    static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
