/// A message of Protocol Buffers as numbered fields: as much as the CRI's calls need, numbers below 2^63, strings and messages.
struct ProtobufMessage: Equatable {
    enum Value: Equatable {
        case number(UInt64)
        case bytes([UInt8])
    }

    private(set) var fields: [(number: Int, value: Value)] = []

    init() {}

    static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes }

    // MARK: Writing

    mutating func add(_ field: Int, _ number: Int) { fields.append((field, .number(UInt64(number)))) }
    mutating func add(_ field: Int, _ text: String) { fields.append((field, .bytes(Array(text.utf8)))) }
    mutating func add(_ field: Int, _ message: ProtobufMessage) { fields.append((field, .bytes(message.bytes))) }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ number: UInt64) {
            var rest = number
            while rest >= 0x80 {
                bytes.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        for (field, value) in fields {
            switch value {
            case .number(let number):
                append(UInt64(field) << 3)
                append(number)
            case .bytes(let content):
                append(UInt64(field) << 3 | 2)
                append(UInt64(content.count))
                bytes += content
            }
        }
        return bytes
    }

    // MARK: Reading

    struct Malformed: Error {}

    init(_ bytes: some Collection<UInt8>) throws {
        var rest = Array(bytes)[...]
        func number() throws -> UInt64 {
            var result: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                guard let byte = rest.popFirst() else { throw Malformed() }
                result |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return result }
            }
            throw Malformed()
        }
        while !rest.isEmpty {
            let key = try number()
            switch key & 7 {
            case 0: fields.append((Int(key >> 3), .number(try number())))
            case 2:
                let count = try number()
                guard count <= rest.count else { throw Malformed() }
                fields.append((Int(key >> 3), .bytes(Array(rest.prefix(Int(count))))))
                rest = rest.dropFirst(Int(count))
            default: throw Malformed()
            }
        }
    }

    func contents(_ field: Int) -> [[UInt8]] {
        fields.compactMap { number, value in
            guard number == field, case .bytes(let bytes) = value else { return nil }
            return bytes
        }
    }

    func number(_ field: Int) -> Int {
        for case (field, .number(let number)) in fields { return Int(truncatingIfNeeded: number) }
        return 0
    }

    func strings(_ field: Int) -> [String] { contents(field).map { String(decoding: $0, as: UTF8.self) } }
    func string(_ field: Int) -> String { strings(field).first ?? "" }
    func messages(_ field: Int) throws -> [ProtobufMessage] { try contents(field).map { try ProtobufMessage($0) } }
    func message(_ field: Int) throws -> ProtobufMessage { try messages(field).first ?? ProtobufMessage() }
}
