/// Why bytes are no protobuf message, in the words of upstream's generated decoders (gogo/protobuf).
enum ProtobufFault: Error, Equatable, CustomStringConvertible {
    case endsEarly
    /// A number of more than 64 bits.
    case overflow
    case illegalTag(number: Int, wireType: Int)
    case illegalWireType(Int)
    case wrongWireType(Int, field: String)
    case time(field: String)
    /// JSON inside of the message that is none.
    case json(field: String, String)
    case depth

    var description: String {
        switch self {
        case .endsEarly: "unexpected EOF"
        case .overflow: "proto: integer overflow"
        case .illegalTag(let number, let wireType): "proto: illegal tag \(number) (wire type \(wireType))"
        case .illegalWireType(let wireType): "proto: illegal wireType \(wireType)"
        case .wrongWireType(let wireType, let field): "proto: wrong wireType = \(wireType) for field \(field)"
        case .time(let field): "\(field): time out of range"
        case .json(let field, let cause): "\(field): json parse error: \(cause)"
        case .depth: "exceeded max depth"
        }
    }
}
