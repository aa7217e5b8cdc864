/// What stands before each value of a message.
struct ProtobufTag {
    let number: Int
    let wireType: Int

    static let varint = 0
    static let eightBytes = 1
    /// A length, and so many bytes: texts, messages, packed numbers.
    static let content = 2
    static let groupStart = 3
    static let groupEnd = 4
    static let fourBytes = 5
}

/// Takes the values of a protobuf message from its front. Every length is checked against what is there, and nothing is
/// copied.
struct ProtobufReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func tag() throws(ProtobufFault) -> ProtobufTag {
        let key = try number()
        let tag = ProtobufTag(number: Int(Int32(truncatingIfNeeded: key >> 3)), wireType: Int(key & 7))
        guard tag.number > 0, tag.wireType != ProtobufTag.groupEnd else {
            throw .illegalTag(number: tag.number, wireType: tag.wireType)
        }
        return tag
    }

    /// The number that follows a tag.
    mutating func number(_ tag: ProtobufTag, of field: String) throws(ProtobufFault) -> UInt64 {
        guard tag.wireType == ProtobufTag.varint else { throw .wrongWireType(tag.wireType, field: field) }
        return try number()
    }

    /// The 64 bits that follow a tag.
    mutating func bits(_ tag: ProtobufTag, of field: String) throws(ProtobufFault) -> UInt64 {
        guard tag.wireType == ProtobufTag.eightBytes else { throw .wrongWireType(tag.wireType, field: field) }
        return try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The bytes that follow a tag and a length.
    mutating func content(_ tag: ProtobufTag, of field: String) throws(ProtobufFault) -> ArraySlice<UInt8> {
        guard tag.wireType == ProtobufTag.content else { throw .wrongWireType(tag.wireType, field: field) }
        return try content()
    }

    /// Goes past the value that follows a tag.
    mutating func skip(_ tag: ProtobufTag) throws(ProtobufFault) {
        guard tag.wireType == ProtobufTag.groupStart else { return try skip(wireType: tag.wireType) }
        // Groups may hold groups; they are counted, so that no depth of them takes a deep stack.
        var open = 1
        while open > 0 {
            let wireType = Int(try number() & 7)
            switch wireType {
            case ProtobufTag.groupStart: open += 1
            case ProtobufTag.groupEnd: open -= 1
            default: try skip(wireType: wireType)
            }
        }
    }

    private mutating func skip(wireType: Int) throws(ProtobufFault) {
        switch wireType {
        case ProtobufTag.varint: _ = try number()
        case ProtobufTag.eightBytes: _ = try take(8)
        case ProtobufTag.content: _ = try content()
        case ProtobufTag.fourBytes: _ = try take(4)
        default: throw .illegalWireType(wireType)
        }
    }

    private mutating func number() throws(ProtobufFault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            guard let byte = rest.popFirst() else { throw .endsEarly }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw .overflow
    }

    private mutating func content() throws(ProtobufFault) -> ArraySlice<UInt8> {
        let length = try number()
        guard length <= UInt64(rest.count) else { throw .endsEarly }
        return try take(Int(length))
    }

    private mutating func take(_ count: Int) throws(ProtobufFault) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw .endsEarly }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
