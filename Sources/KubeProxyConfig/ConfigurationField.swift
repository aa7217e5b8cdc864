/// A type that a field of the configuration can have.
protocol ConfigurationField {
    /// What is expected of a file, with its article: "an integer".
    static var expectation: String { get }
    /// Nil where the value is of another type, or out of range.
    init?(_ value: ConfigurationValue)
    var configurationValue: ConfigurationValue { get }
}

extension Bool: ConfigurationField {
    static var expectation: String { "true or false" }

    init?(_ value: ConfigurationValue) {
        guard case .bool(let flag) = value else { return nil }
        self = flag
    }

    var configurationValue: ConfigurationValue { .bool(self) }
}

extension String: ConfigurationField {
    static var expectation: String { "a string" }

    init?(_ value: ConfigurationValue) {
        guard case .string(let text) = value else { return nil }
        self = text
    }

    var configurationValue: ConfigurationValue { .string(self) }
}

extension Int32: ConfigurationField {
    static var expectation: String { "an integer of 32 bits" }

    init?(_ value: ConfigurationValue) {
        guard case .integer(let number) = value else { return nil }
        self.init(exactly: number)
    }

    var configurationValue: ConfigurationValue { .integer(Int64(self)) }
}

extension UInt32: ConfigurationField {
    static var expectation: String { "a number that is not negative, of 32 bits" }

    init?(_ value: ConfigurationValue) {
        guard case .integer(let number) = value else { return nil }
        self.init(exactly: number)
    }

    var configurationValue: ConfigurationValue { .integer(Int64(self)) }
}

extension Double: ConfigurationField {
    static var expectation: String { "a number" }

    init?(_ value: ConfigurationValue) {
        switch value {
        case .integer(let number): self.init(number)
        case .number(let number): self = number
        default: return nil
        }
    }

    var configurationValue: ConfigurationValue { .number(self) }
}

extension GoDuration: ConfigurationField {
    static var expectation: String { "a duration such as '15m0s'" }

    init?(_ value: ConfigurationValue) {
        guard case .string(let text) = value else { return nil }
        self.init(text)
    }

    var configurationValue: ConfigurationValue { .string(description) }
}

extension Optional: ConfigurationField where Wrapped: ConfigurationField {
    static var expectation: String { Wrapped.expectation }

    init?(_ value: ConfigurationValue) {
        guard let wrapped = Wrapped(value) else { return nil }
        self = .some(wrapped)
    }

    var configurationValue: ConfigurationValue { self?.configurationValue ?? .null }
}

extension Array: ConfigurationField where Element: ConfigurationField {
    static var expectation: String { "a list, each item \(Element.expectation)" }

    init?(_ value: ConfigurationValue) {
        guard case .list(let items) = value else { return nil }
        self = []
        for item in items {
            guard let element = Element(item) else { return nil }
            append(element)
        }
    }

    /// Upstream writes a list that is not there as null.
    var configurationValue: ConfigurationValue { isEmpty ? .null : .list(map(\.configurationValue)) }
}

extension [String: Bool]: ConfigurationField {
    static var expectation: String { "an object whose values are true or false" }

    init?(_ value: ConfigurationValue) {
        guard case .object(let fields) = value else { return nil }
        self = [:]
        for (name, field) in fields {
            guard let flag = field == .null ? false : Bool(field) else { return nil }
            self[name] = flag
        }
    }

    var configurationValue: ConfigurationValue { .object(mapValues(\.configurationValue)) }
}
