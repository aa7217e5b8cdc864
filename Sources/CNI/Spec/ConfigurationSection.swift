import Net

/// An object of the configuration, with its way from the top, so that a value that is not right is named whole. Null is as if the
/// member were not there, and so is an empty text.
package struct ConfigurationSection: Hashable, Sendable {
    package let object: JSONObject
    /// Empty at the top, and with a dot at its end elsewhere.
    private let path: String

    package init(_ object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
    }

    /// The member's name with its way from the top.
    package func name(_ key: String) -> String { path + key }

    package func value(_ key: String) -> JSONNode? {
        let value = object[key]
        return value == .null ? nil : value
    }

    /// - Throws: `CNIError` with `badConfiguration`, as all below.
    package func section(_ key: String) throws(CNIError) -> ConfigurationSection? {
        guard let value = value(key) else { return nil }
        return try Self.section(value, name(key))
    }

    package func text(_ key: String) throws(CNIError) -> String? {
        guard let value = value(key) else { return nil }
        let text = try Self.text(value, name(key))
        return text.isEmpty ? nil : text
    }

    package func flag(_ key: String) throws(CNIError) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .bool(let flag) = value else { throw Self.mismatch(value, name(key), "true or false") }
        return flag
    }

    package func number<Number: FixedWidthInteger>(
        _ key: String, in range: ClosedRange<Number>
    ) throws(CNIError) -> Number? {
        guard let value = value(key) else { return nil }
        guard case .number(let spelling) = value, let number = Number(spelling), range.contains(number) else {
            throw Self.mismatch(value, name(key), "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The elements; nil when there is no such list.
    package func list<Element>(
        _ key: String, _ element: (JSONNode, _ name: String) throws(CNIError) -> Element
    ) throws(CNIError) -> [Element]? {
        guard let value = value(key) else { return nil }
        return try Self.list(value, name(key), element)
    }

    package func texts(_ key: String) throws(CNIError) -> [String] { try list(key, Self.text) ?? [] }

    package func address(_ key: String) throws(CNIError) -> IPAddress? {
        guard let text = try text(key) else { return nil }
        guard let address = IPAddress(configured: text) else {
            throw CNIError(.badConfiguration, "\(name(key)): '\(text)' is not an IP address")
        }
        return address
    }

    package func macAddress(_ key: String) throws(CNIError) -> MACAddress? {
        guard let text = try text(key) else { return nil }
        do throws(AddressParseError) { return try MACAddress(text) } catch {
            throw CNIError(.badConfiguration, "\(name(key)): \(error)")
        }
    }

    package static func section(_ value: JSONNode, _ name: String) throws(CNIError) -> ConfigurationSection {
        guard let object = value.object else { throw mismatch(value, name, "an object") }
        return ConfigurationSection(object, path: "\(name).")
    }

    package static func text(_ value: JSONNode, _ name: String) throws(CNIError) -> String {
        guard let text = value.string else { throw mismatch(value, name, "a string") }
        return text
    }

    package static func list<Element>(
        _ value: JSONNode, _ name: String, _ element: (JSONNode, _ name: String) throws(CNIError) -> Element
    ) throws(CNIError) -> [Element] {
        guard case .array(let values) = value else { throw mismatch(value, name, "a list") }
        var elements: [Element] = []
        for (index, value) in values.enumerated() { elements.append(try element(value, "\(name)[\(index)]")) }
        return elements
    }

    /// For what is a field of a reference plugin that does nothing here.
    package func unsupported(_ key: String, _ value: JSONNode, _ reason: String) -> CNIError {
        CNIError(.unsupportedField, "\(name(key)): \(value.text) is not supported", details: reason)
    }

    private static func mismatch(_ value: JSONNode, _ name: String, _ expected: String) -> CNIError {
        let found =
            switch value {
            case .array, .object: value.kind
            default: value.text
            }
        return CNIError(.badConfiguration, "\(name): \(found) where \(expected) is wanted")
    }
}
