import KubeAPI

/// Names a value in a JSON document (RFC 6901).
struct JSONPointer: Sendable {
    let text: String
    /// Without the escapes; nil where the text does not begin with a slash: it names nothing then but the whole.
    let keys: [String]?

    init(_ text: String) {
        self.text = text
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        keys = parts.count < 2 ? nil : parts.dropFirst().map { Self.unescaped($0) }
    }

    private static func unescaped(_ part: Substring) -> String {
        guard part.utf8.contains(UInt8(ascii: "~")) else { return String(part) }
        var text = ""
        var isEscape = false
        for character in part.unicodeScalars {
            if isEscape, character == "0" || character == "1" {
                text.unicodeScalars.append(character == "0" ? "~" : "/")
            } else {
                if isEscape { text.append("~") }
                if character != "~" { text.unicodeScalars.append(character) }
            }
            isEscape = character == "~"
        }
        return isEscape ? text + "~" : text
    }
}

/// The operations of JSON Patch on one place.
extension JSONValue {
    /// The value at a place; nil where an object lacks it.
    func value(at pointer: JSONPointer, for operation: String) throws(PatchError) -> JSONValue? {
        guard let keys = pointer.keys else {
            if pointer.text.isEmpty { return self }
            throw Self.missing(pointer, operation)
        }
        var value = self
        for (place, key) in keys.enumerated() {
            let isLast = place == keys.count - 1
            switch value {
            case .object(let object):
                guard let next = object[key] else {
                    if isLast { return nil }
                    throw Self.missing(pointer, operation)
                }
                value = next
            case .array(let elements):
                guard let index = Self.index(key, count: elements.count) else {
                    if isLast { throw Self.invalidIndex(key, pointer, operation) }
                    throw Self.missing(pointer, operation)
                }
                value = elements[index]
            default: throw Self.missing(pointer, operation)
            }
        }
        return value
    }

    mutating func add(_ value: JSONValue, at pointer: JSONPointer) throws(PatchError) {
        try Self.checkDepth(of: value, at: pointer)
        try change(pointer, "add") { container, key throws(PatchError) in
            switch container {
            case .object: container[key] = value
            case .array(var elements):
                // An index of the list as it will be.
                let index = key == "-" ? elements.count : Self.index(key, count: elements.count + 1)
                guard let index else { throw Self.invalidIndex(key, pointer, "add") }
                elements.insert(value, at: index)
                container = .array(elements)
            default: throw Self.missing(pointer, "add")
            }
        }
    }

    mutating func remove(at pointer: JSONPointer) throws(PatchError) {
        try change(pointer, "remove") { container, key throws(PatchError) in
            switch container {
            case .object(let object):
                guard object[key] != nil else {
                    throw PatchError(
                        .inapplicable,
                        "error in remove for path: '\(pointer.text)': Unable to remove nonexistent key: \(key): "
                            + "missing value")
                }
                container[key] = nil
            case .array(var elements):
                guard let index = Self.index(key, count: elements.count) else {
                    throw Self.invalidIndex(key, pointer, "remove")
                }
                elements.remove(at: index)
                container = .array(elements)
            default: throw Self.missing(pointer, "remove")
            }
        }
    }

    mutating func replace(with value: JSONValue, at pointer: JSONPointer) throws(PatchError) {
        try Self.checkDepth(of: value, at: pointer)
        try change(pointer, "replace") { container, key throws(PatchError) in
            switch container {
            case .object: container[key] = value
            case .array(var elements):
                guard let index = Self.index(key, count: elements.count) else {
                    throw PatchError(
                        .inapplicable,
                        "replace operation does not apply: doc is missing key: \(pointer.text): missing value")
                }
                elements[index] = value
                container = .array(elements)
            default: throw Self.missing(pointer, "replace")
            }
        }
    }

    /// Operations that nest what is there in itself must not make a tree that is deeper than one that can be read.
    private static func checkDepth(of value: JSONValue, at pointer: JSONPointer) throws(PatchError) {
        guard value.depth + (pointer.keys?.count ?? 0) <= 512 else {
            throw PatchError(.inapplicable, "exceeded max depth")
        }
    }

    /// How many containers are in one another at most.
    private var depth: Int {
        switch self {
        case .object(let object): 1 + (object.lazy.map(\.value.depth).max() ?? 0)
        case .array(let elements): 1 + (elements.lazy.map(\.depth).max() ?? 0)
        default: 0
        }
    }

    /// Changes what holds the place that a pointer names.
    private mutating func change(
        _ pointer: JSONPointer, _ operation: String,
        _ body: (inout JSONValue, _ key: String) throws(PatchError) -> Void
    ) throws(PatchError) {
        guard let keys = pointer.keys else { throw Self.missing(pointer, operation) }
        try change(keys[...], pointer, operation, body)
    }

    private mutating func change(
        _ keys: ArraySlice<String>, _ pointer: JSONPointer, _ operation: String,
        _ body: (inout JSONValue, _ key: String) throws(PatchError) -> Void
    ) throws(PatchError) {
        guard let key = keys.first else { return }
        if keys.count == 1 { return try body(&self, key) }
        switch self {
        case .object(var object):
            guard var next = object[key] else { throw Self.missing(pointer, operation) }
            try next.change(keys.dropFirst(), pointer, operation, body)
            object[key] = next
            self = .object(object)
        case .array(var elements):
            guard let index = Self.index(key, count: elements.count) else { throw Self.missing(pointer, operation) }
            try elements[index].change(keys.dropFirst(), pointer, operation, body)
            self = .array(elements)
        default: throw Self.missing(pointer, operation)
        }
    }

    /// A place in a list; below zero it counts from the end.
    private static func index(_ key: String, count: Int) -> Int? {
        guard let index = Int(key), index < count, index >= -count else { return nil }
        return index < 0 ? index + count : index
    }

    private static func missing(_ pointer: JSONPointer, _ operation: String) -> PatchError {
        PatchError(
            .inapplicable, "\(operation) operation does not apply: doc is missing path: \(pointer.text): missing value")
    }

    private static func invalidIndex(_ key: String, _ pointer: JSONPointer, _ operation: String) -> PatchError {
        PatchError(
            .inapplicable,
            "error in \(operation) for path: '\(pointer.text)': Unable to access invalid index: \(key): "
                + "invalid index referenced")
    }
}
