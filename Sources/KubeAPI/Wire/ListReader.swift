/// Reads a list as its bytes come in, in pieces of any size, and never holds more than one object.
package struct ListReader<Object: WireObject> {
    /// What comes next in the text.
    private enum Place {
        case list, firstKey, key, colon, value, afterValue, firstItem, item, afterItem, end
    }

    private var place = Place.list
    /// The key whose value comes next.
    private var key = ""
    private var metadata: ListMetadata?
    /// A key, an item or another value whose start is in `partial`.
    private var scanner: ValueScanner?
    private var partial: [UInt8] = []
    private let itemLimitBytes: Int

    /// - Parameter itemLimitBytes: a list with an object that is longer is refused. What the API holds is far below: etcd
    ///   takes objects of 1.5 MiB.
    package init(itemLimitBytes: Int = 64 << 20) { self.itemLimitBytes = itemLimitBytes }

    /// Takes the next bytes, and hands out every object that they complete.
    ///
    /// - Throws: `DecodeError` for what is no list of such objects; an object that cannot be read is handed out as such.
    package mutating func read(
        _ bytes: RawSpan, _ item: (Result<Object, UnreadableObject>) -> Void
    ) throws(DecodeError) {
        let bytes = Span<UInt8>(_bytes: bytes)
        var index = 0
        while index < bytes.count {
            if scanner != nil {
                index = try goOn(bytes, from: index, item)
            } else if bytes[index].isJSONWhitespace {
                index += 1
            } else {
                index = try begin(bytes, at: index, item)
            }
        }
    }

    /// - Throws: `DecodeError.malformed` when the list did not come to its end, `DecodeError.field` when it has no
    ///   metadata.
    package consuming func finish() throws(DecodeError) -> ListMetadata {
        guard place == .end else { throw .malformed }
        guard let metadata else { throw Self.error(in: "metadata", "is required") }
        return metadata
    }

    private static func error(in field: String, _ problem: String) -> DecodeError {
        .field(FieldError(path: FieldPath([.field(field)]), problem: problem))
    }
}

// MARK: - From byte to byte

extension ListReader {
    /// Takes what begins at `index`, which is no white space.
    private mutating func begin(
        _ bytes: Span<UInt8>, at index: Int, _ item: (Result<Object, UnreadableObject>) -> Void
    ) throws(DecodeError) -> Int {
        let byte = bytes[index]
        switch (place, byte) {
        case (.list, .openBrace): place = .firstKey
        case (.list, .openBracket):
            throw .field(FieldError(path: FieldPath(), problem: "expected an object, found a list"))
        case (.firstKey, .closeBrace), (.afterValue, .closeBrace): place = .end
        case (.firstKey, .quote), (.key, .quote): return keep(at: index)
        case (.colon, .colon): place = .value
        case (.value, .openBracket) where key == "items": place = .firstItem
        case (.value, _): return keep(at: index)
        case (.afterValue, .comma): place = .key
        case (.firstItem, .closeBracket), (.afterItem, .closeBracket): place = .afterValue
        case (.firstItem, _), (.item, _):
            var reader = JSONReader(bytes.extracting(index...))
            guard let object = try? Object(from: &reader), reader.offset <= itemLimitBytes else {
                return keep(at: index)
            }
            item(.success(object))
            place = .afterItem
            return index + reader.offset
        case (.afterItem, .comma): place = .item
        default: throw .malformed
        }
        return index + 1
    }

    /// Has the value that begins at `index` kept until it is whole.
    private mutating func keep(at index: Int) -> Int {
        partial.removeAll(keepingCapacity: partial.capacity <= 1 << 20)
        scanner = ValueScanner()
        return index
    }

    /// Goes on with the value that is kept.
    private mutating func goOn(
        _ bytes: Span<UInt8>, from start: Int, _ item: (Result<Object, UnreadableObject>) -> Void
    ) throws(DecodeError) -> Int {
        guard var scanner else { return start }
        let end = scanner.scan(bytes, from: start)
        guard partial.count + (end - start) <= itemLimitBytes else { throw .tooLarge(limitBytes: itemLimitBytes) }
        partial.append(copying: bytes.extracting(start..<end))
        self.scanner = scanner
        if scanner.isComplete {
            self.scanner = nil
            try take(item)
        }
        return end
    }

    /// Takes the value that is kept, which is whole.
    private mutating func take(_ item: (Result<Object, UnreadableObject>) -> Void) throws(DecodeError) {
        switch place {
        case .firstKey, .key:
            key = try read { reader throws(JSONFault) in try reader.text() }
            place = .colon
        case .firstItem, .item:
            item(try Object.read(partial.span))
            place = .afterItem
        default:
            try takeValue()
            place = .afterValue
        }
    }

    private mutating func takeValue() throws(DecodeError) {
        let kind = Object.resource.kind + "List"
        let version = Object.resource.apiVersion
        switch key {
        case "kind": try read(at: key) { reader throws(JSONFault) in try reader.expect(kind) }
        case "apiVersion": try read(at: key) { reader throws(JSONFault) in try reader.expect(version) }
        case "metadata": metadata = try read(at: key) { reader throws(JSONFault) in try reader.valueOrNil() }
        case "items":
            // A list does not come here.
            let isNull = try read(at: key) { reader throws(JSONFault) in
                guard try reader.skipNull() else { throw .unexpected(at: reader.offset, wanted: "a list") }
                return true
            }
            assert(isNull)
        default: try read(at: key) { reader throws(JSONFault) in try reader.skip() }
        }
    }

    /// Reads the text that is kept as the value of a field.
    private func read<Value>(
        at field: String? = nil, _ body: (inout JSONReader) throws(JSONFault) -> Value
    ) throws(DecodeError) -> Value {
        var reader = JSONReader(partial.span)
        do throws(JSONFault) {
            let value = try body(&reader)
            try reader.finish()
            return value
        } catch {
            let error = JSONReader.decodeError(error, in: partial.span)
            guard case .field(let fault) = error, let field else { throw error }
            throw .field(FieldError(path: FieldPath([.field(field)]) + fault.path, problem: fault.problem))
        }
    }
}
