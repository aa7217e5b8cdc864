import KubeAPI

extension SchemaCheck {
    func scalar(_ value: inout JSONValue, _ type: FieldType, goType: String?) throws(TypeFailure) {
        switch (type, value) {
        case (.string, .string), (.boolean, .bool), (.integer(bits: 64), .integer), (.number, .integer),
            (.number, .number):
            break
        case (.integer, .integer(let number)), (.integerOrString, .integer(let number)):
            guard Int32(exactly: number) == nil else { return }
            throw Self.failure(value, type, goType, found: "number \(number)")
        case (.integerOrString, .string): break
        case (.integer, .number(let number)), (.integerOrString, .number(let number)):
            throw Self.failure(value, type, goType, found: "number \(number)")
        case (.quantity, .string(let text)): try Self.setQuantity(&value, text)
        case (.quantity, .integer(let number)): try Self.setQuantity(&value, String(number))
        case (.quantity, .number(let number)): try Self.setQuantity(&value, "\(number)")
        case (.quantity, _): throw TypeFailure(problem: QuantityError.format.description)
        case (.time, .string(let text)), (.microTime, .string(let text)):
            try Self.setTime(&value, text, isMicro: type == .microTime)
        case (.bytes, .string(let text)):
            if let place = Base64Check.fault(in: text) {
                throw TypeFailure(problem: "illegal base64 data at input byte \(place)")
            }
            // Go skips line breaks, and writes none.
            if text.utf8.contains(where: { $0 < 0x20 }) { value = .string(text.filter { !$0.isNewline }) }
        default: throw Self.failure(value, type, goType, found: value.goKind)
        }
    }

    /// Types that decode themselves know neither field nor struct.
    private static func failure(_ value: JSONValue, _ type: FieldType, _ goType: String?, found: String) -> TypeFailure
    {
        switch type {
        case .time, .microTime: TypeFailure(problem: "json: cannot unmarshal \(found) into Go value of type string")
        case .integerOrString: TypeFailure(problem: "json: cannot unmarshal \(found) into Go value of type int32")
        default: TypeFailure(found: found, wanted: goType ?? type.goName)
        }
    }

    private static func setQuantity(_ value: inout JSONValue, _ text: String) throws(TypeFailure) {
        do throws(QuantityError) {
            value = .string(try Quantity(text.trimmingSpaces).canonicalText)
        } catch {
            throw TypeFailure(problem: error.description)
        }
    }

    private static func setTime(_ value: inout JSONValue, _ text: String, isMicro: Bool) throws(TypeFailure) {
        guard let time = Timestamp(text) else { throw TypeFailure(problem: TimeFault.text(of: text, isMicro: isMicro)) }
        let isWritten = text.utf8.count == (isMicro ? 27 : 20) && text.utf8.last == UInt8(ascii: "Z")
        if !isWritten { value = .string(isMicro ? time.microsecondText : time.text) }
    }
}

// MARK: - Go's names

extension ObjectSchema {
    /// `ServicePort`.
    var shortName: String { name.split(separator: ".").last.map { String($0) } ?? name }
}

extension FieldType {
    /// The type as Go's errors name it, where no field says otherwise.
    var goName: String {
        switch self {
        case .string: "string"
        case .boolean: "bool"
        case .integer(let bits): "int\(bits)"
        case .number: "float64"
        case .integerOrString: "intstr.IntOrString"
        case .quantity: "resource.Quantity"
        case .time: "v1.Time"
        case .microTime: "v1.MicroTime"
        case .bytes: "[]uint8"
        case .any: "runtime.RawExtension"
        case .object(let name): "v1.\(name.split(separator: ".").last ?? "")"
        case .list(let element): "[]\(element.goName)"
        case .map(let element): "map[string]\(element.goName)"
        }
    }
}

extension JSONValue {
    /// What Go's errors call a value of this kind.
    var goKind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .integer, .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// What null means as an element.
    static func zero(of type: FieldType) -> JSONValue {
        switch type {
        case .string, .bytes: ""
        case .boolean: false
        case .integer, .number, .integerOrString: 0
        case .quantity: "0"
        case .object: [:]
        case .list: []
        case .map: [:]
        case .time, .microTime, .any: .null
        }
    }

    /// Whether Go's `omitempty` leaves the value out.
    func isZero(of type: FieldType) -> Bool {
        switch (self, type) {
        case (.bool(false), .boolean), (.integer(0), .integer), (.integer(0), .number), (.number(0), .number): true
        case (.string(let text), .string), (.string(let text), .bytes): text.isEmpty
        case (.array(let elements), .list): elements.isEmpty
        case (.object(let fields), .map): fields.isEmpty
        default: false
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        guard let first = utf8.first, let last = utf8.last, first <= 0x20 || last <= 0x20 else { return self }
        let start = unicodeScalars.drop { $0.properties.isWhitespace }
        return String(String(start.reversed().drop { $0.properties.isWhitespace }.map(Character.init)).reversed())
    }
}
