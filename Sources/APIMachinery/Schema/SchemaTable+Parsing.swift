extension SchemaTable {
    /// What a table says.
    struct Content {
        var schemas: [ObjectSchema] = []
        var kinds: [(kind: GroupVersionKind, schema: String)] = []
    }

    /// - Throws: `SchemaTableError` for a line that is not as the table's form wants it.
    func parse(into content: inout Content) throws(SchemaTableError) {
        let bytes = Array(text.utf8)
        var heading: SchemaLine?
        var fields: [FieldSchema] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let line = bytes[start..<end]
            start = end + 1
            if line.first == UInt8(ascii: " ") {
                fields.append(try field(SchemaLine(line.dropFirst())))
            } else if !line.isEmpty {
                if let heading { add(heading, fields, to: &content) }
                heading = SchemaLine(line)
                fields = []
            }
        }
        if let heading { add(heading, fields, to: &content) }
    }

    private func add(_ line: SchemaLine, _ fields: [FieldSchema], to content: inout Content) {
        let name = line.words.first ?? ""
        let flags = line.words.dropFirst()
        let isKind = flags.contains("kind")
        content.schemas.append(
            ObjectSchema(
                name: package.prefix + name, documentation: line.documentation, isAtomic: flags.contains("atomic"),
                fields: isKind || flags.contains("typed") ? Self.typeFields + fields : fields))
        guard isKind else { return }
        add(kind: name, to: &content)
        guard flags.contains("list") else { return }
        content.schemas.append(
            ObjectSchema(
                name: "\(package.prefix)\(name)List", documentation: "A list of objects of the kind \(name).",
                fields: Self.typeFields + [
                    FieldSchema(
                        name: "items", type: .list(.object(package.prefix + name)), isRequired: true, keepsZero: true,
                        protobuf: ProtobufNumber(2), documentation: "The objects."),
                    FieldSchema(
                        name: "metadata", type: .object("\(SchemaPackage.meta.prefix)ListMeta"),
                        protobuf: ProtobufNumber(1), documentation: "The version of the list, and how to go on with it."
                    ),
                ]))
        add(kind: "\(name)List", to: &content)
    }

    private func add(kind: String, to content: inout Content) {
        let name = GroupVersionKind(group: package.group, version: "v1", kind: kind)
        content.kinds.append((name, package.prefix + kind))
    }

    private static let typeFields = [
        FieldSchema(name: "apiVersion", type: .string, documentation: "The group and the version of the kind."),
        FieldSchema(name: "kind", type: .string, documentation: "What kind of object this is."),
    ]

    private func field(_ line: SchemaLine) throws(SchemaTableError) -> FieldSchema {
        guard line.words.count >= 2 else { throw SchemaTableError(line: line.words.joined(separator: " ")) }
        var type = line.words[1][...]
        let isRequired = type.removeSuffix("!")
        let keepsZero = type.removeSuffix("*")
        var words = FieldWords()
        for word in line.words.dropFirst(2) {
            guard words.take(word[...]) else { throw SchemaTableError(line: "\(line.words[0]): \(word)") }
        }
        return FieldSchema(
            name: line.words[0], type: try fieldType(type), isRequired: isRequired, listKind: words.listKind,
            isAtomic: words.isAtomic, patchStrategy: words.patchStrategy, keepsZero: keepsZero,
            defaultText: words.defaultText, goType: words.goType, protobuf: words.protobuf,
            documentation: line.documentation)
    }

    private func fieldType(_ text: Substring) throws(SchemaTableError) -> FieldType {
        switch text {
        case "string": return .string
        case "bool": return .boolean
        case "int32": return .integer(bits: 32)
        case "int64": return .integer(bits: 64)
        case "number": return .number
        case "intOrString": return .integerOrString
        case "quantity": return .quantity
        case "time": return .time
        case "microTime": return .microTime
        case "bytes": return .bytes
        case "any": return .any
        default: break
        }
        switch text.utf8.first {
        case UInt8(ascii: "["): return .list(try fieldType(text.dropFirst().dropLast()))
        case UInt8(ascii: "{"): return .map(try fieldType(text.dropFirst().dropLast()))
        default: break
        }
        guard let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return .object("\(package.prefix)\(text)") }
        guard let other = SchemaPackage(rawValue: String(text[..<dot])) else {
            throw SchemaTableError(line: String(text))
        }
        return .object("\(other.prefix)\(text[dot...].dropFirst())")
    }
}

/// A line of a table of schemas that cannot be read: a mistake in this repository, which its tests find.
struct SchemaTableError: Error {
    let line: String
}

/// The words of a line, and what stands after ` | `.
private struct SchemaLine {
    private(set) var words: [String] = []
    private(set) var documentation = ""

    init(_ line: ArraySlice<UInt8>) {
        var rest = line
        while let first = rest.first {
            if first == UInt8(ascii: "|") {
                documentation = String(decoding: rest.dropFirst(2), as: UTF8.self)
                return
            }
            let end = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
            words.append(String(decoding: rest[..<end], as: UTF8.self))
            rest = rest[end...].dropFirst()
        }
    }
}

/// What the words after a field's type say.
private struct FieldWords {
    var listKind = ListKind.atomic
    var isAtomic = false
    var patchStrategy = PatchStrategy()
    var defaultText: String?
    var goType: String?
    var protobuf: ProtobufNumber?

    /// False for a word that is none.
    mutating func take(_ word: Substring) -> Bool {
        switch word {
        case "set": listKind = .set
        case "atomic": isAtomic = true
        case "merge": patchStrategy.merges = true
        case "retainKeys": patchStrategy.retainsKeys = true
        case "replace": patchStrategy.replaces = true
        default: return takeArgument(word)
        }
        return true
    }

    private mutating func takeArgument(_ word: Substring) -> Bool {
        if let keys = word.argument(after: "map(") {
            listKind = .map(keys: keys.dropLast().split(separator: ",").map(String.init))
        } else if let key = word.argument(after: "merge(") {
            patchStrategy.merges = true
            patchStrategy.mergeKey = String(key.dropLast())
        } else if let type = word.argument(after: "go=") {
            goType = String(type)
        } else if let value = word.argument(after: "default=") {
            defaultText = String(value)
        } else if let path = word.argument(after: "=") {
            let numbers = path.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard let number = numbers.last, numbers.count <= 2, numbers.allSatisfy({ $0 > 0 }) else { return false }
            protobuf = ProtobufNumber(number, in: numbers.count == 2 ? numbers[0] : nil)
        } else {
            return false
        }
        return true
    }
}

extension Substring {
    /// Whether the text ended with this, which it does no longer.
    fileprivate mutating func removeSuffix(_ suffix: Character) -> Bool {
        guard last == suffix else { return false }
        removeLast()
        return true
    }

    fileprivate func argument(after prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
