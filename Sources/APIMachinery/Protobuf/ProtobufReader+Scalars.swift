import FoundationEssentials
import KubeAPI

extension ProtobufReader {
    /// The value that follows a tag, of a type that is neither object nor list nor map; nil for one that JSON has no word
    /// for, such as the time of nothing.
    mutating func scalar(
        _ type: FieldType, _ tag: ProtobufTag, of field: String
    ) throws(ProtobufFault) -> JSONValue? {
        switch type {
        case .string: return .string(String(decoding: try content(tag, of: field), as: UTF8.self))
        case .bytes: return .string(Data(try content(tag, of: field)).base64EncodedString())
        case .boolean: return .bool(try number(tag, of: field) != 0)
        case .integer(let bits):
            let number = Int64(bitPattern: try number(tag, of: field))
            return .integer(bits == 32 ? Int64(Int32(truncatingIfNeeded: number)) : number)
        case .number: return .number(Double(bitPattern: try bits(tag, of: field)))
        case .integerOrString, .quantity, .time, .microTime, .any:
            return try ScalarMessage(try content(tag, of: field)).value(of: type, field)
        case .object, .list, .map: return nil
        }
    }
}

/// A message that JSON has as one value: all of them have few fields, of numbers and of bytes.
private struct ScalarMessage {
    private let isEmpty: Bool
    private var numbers: [Int: UInt64] = [:]
    private var contents: [Int: ArraySlice<UInt8>] = [:]

    init(_ bytes: ArraySlice<UInt8>) throws(ProtobufFault) {
        isEmpty = bytes.isEmpty
        var reader = ProtobufReader(bytes)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag.wireType {
            case ProtobufTag.varint: numbers[tag.number] = try reader.number(tag, of: "")
            case ProtobufTag.content: contents[tag.number] = try reader.content(tag, of: "")
            default: try reader.skip(tag)
            }
        }
    }

    func value(of type: FieldType, _ field: String) throws(ProtobufFault) -> JSONValue? {
        switch type {
        // IntOrString: which of the two it is, the number, the text.
        case .integerOrString: numbers[1] == 1 ? .string(text(3)) : .integer(Int64(integer(2)))
        case .quantity: .string(contents[1] == nil ? "0" : text(1))
        case .time, .microTime: isEmpty ? nil : try time(isMicro: type == .microTime, field)
        default: try json(field)
        }
    }

    private func text(_ number: Int) -> String { String(decoding: contents[number] ?? [], as: UTF8.self) }

    private func integer(_ number: Int) -> Int32 { Int32(truncatingIfNeeded: numbers[number] ?? 0) }

    /// Seconds and, of a time that keeps them, nanoseconds.
    private func time(isMicro: Bool, _ field: String) throws(ProtobufFault) -> JSONValue {
        let (whole, isTooFar) = Int64(bitPattern: numbers[1] ?? 0).multipliedReportingOverflow(by: 1_000_000)
        let fraction = isMicro ? Int64(integer(2) / 1000) : 0
        let (microseconds, isBeyond) = whole.addingReportingOverflow(fraction)
        guard !isTooFar, !isBeyond else { throw .time(field: field) }
        let time = Timestamp(microsecondsSinceEpoch: microseconds)
        return .string(isMicro ? time.microsecondText : time.text)
    }

    /// RawExtension and FieldsV1: JSON text in field 1.
    private func json(_ field: String) throws(ProtobufFault) -> JSONValue? {
        guard let text = contents[1], !text.isEmpty else { return nil }
        do throws(DecodeError) {
            let value = try JSONValue(json: Array(text))
            return value.isNull ? nil : value
        } catch {
            throw .json(field: field, "\(error)")
        }
    }
}
