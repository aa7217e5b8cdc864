import FoundationEssentials

private enum WatchLineField: String, CaseIterable {
    case type, object

    static let names = FieldNames<Self>()
}

/// The members of a watch event (meta/v1 `WatchEvent`), in whatever order they come.
struct WatchLineParts<Object: WireObject> {
    private var type = ""
    /// Where in the line the object stands.
    private var range: Range<Int>?
    /// The object, where it came after a type that asks for it and could be read at once.
    private var applied: Object?

    private var wantsObject: Bool { type == "ADDED" || type == "MODIFIED" }

    /// - Throws: `DecodeError` for text that is no JSON object of such members.
    init(_ bytes: Span<UInt8>) throws(DecodeError) {
        do throws(JSONFault) {
            try read(bytes)
        } catch {
            throw JSONReader.decodeError(error, in: bytes)
        }
    }

    private mutating func read(_ bytes: Span<UInt8>) throws(JSONFault) {
        var reader = JSONReader(bytes)
        try reader.openObject()
        while let field = try reader.nextField(WatchLineField.names) {
            switch field {
            case .type: type = try reader.textOrNil() ?? ""
            case .object:
                let first = reader.start()
                let start = reader.offset
                applied = wantsObject && first == .openBrace ? Self.object(&reader) : nil
                if applied == nil { try reader.skip() }
                range = start..<reader.offset
            }
        }
        try reader.finish()
    }

    /// Nil where it cannot be read; the reader has not moved then.
    private static func object(_ reader: inout JSONReader) -> Object? {
        var attempt = reader
        guard let object = try? Object(from: &attempt) else { return nil }
        reader = attempt
        return object
    }

    func line(of bytes: Span<UInt8>) throws(DecodeError) -> WatchLine<Object> {
        guard !type.isEmpty else { throw Self.error(in: "type", problem: "is required") }
        guard ["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"].contains(type) else {
            throw Self.error(in: "type", problem: "'\(type.quotable)' is no type of a watch event")
        }
        guard let range, bytes[range.lowerBound] != UInt8(ascii: "n") else {
            throw Self.error(in: "object", problem: "is required")
        }
        guard bytes[range.lowerBound] == .openBrace else {
            throw JSONReader.decodeError(.unexpected(at: range.lowerBound, wanted: "an object"), in: bytes)
        }
        if wantsObject, let applied { return .applied(applied) }
        let text = bytes.extracting(range)
        let header = try WireHeader(text)
        switch type {
        case "DELETED":
            guard let name = header.objectName else {
                throw Self.error(in: "object", "metadata", "name", problem: "is required")
            }
            return .deleted(name, resourceVersion: header.resourceVersion)
        case "BOOKMARK":
            return .bookmark(resourceVersion: header.resourceVersion, endsInitialList: header.endsInitialList)
        case "ERROR":
            return .error(try JSON.decode(Status.self, from: Data(copying: text)))
        default: break
        }
        switch try Object.read(text) {
        case .success(let object): return .applied(object)
        case .failure(let unreadable): return .unreadable(unreadable, resourceVersion: header.resourceVersion)
        }
    }

    private static func error(in path: String..., problem: String) -> DecodeError {
        .field(FieldError(path: FieldPath(path.map(FieldPath.Step.field)), problem: problem))
    }
}
