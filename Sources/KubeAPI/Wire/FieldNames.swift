/// The names of the fields that an object is read for, in a form that a key is found in without making text of it.
struct FieldNames<Field: RawRepresentable<String> & CaseIterable & Sendable>: Sendable {
    private let entries: [(name: PackedName, field: Field)]

    init() { entries = Field.allCases.map { (PackedName($0.rawValue), $0) } }

    @inline(__always)
    subscript(name: PackedName) -> Field? {
        for entry in entries where entry.name == name { return entry.field }
        return nil
    }
}

/// A name of up to 32 bytes, packed into words.
struct PackedName: Equatable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// -1 for a name that is too long to be one.
    private var count: Int

    @inline(__always)
    static func == (left: PackedName, right: PackedName) -> Bool {
        left.words.0 == right.words.0 && left.count == right.count && left.words.1 == right.words.1
            && left.words.2 == right.words.2 && left.words.3 == right.words.3
    }

    init(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(bytes.span, from: 0, length: bytes.count)
    }

    /// The name that `length` bytes from `start` on are.
    @inline(__always)
    init(_ bytes: Span<UInt8>, from start: Int, length: Int) {
        count = length
        words.0 = bytes.word(at: start, length: length)
        guard length > 8 else { return }
        words.1 = bytes.word(at: start &+ 8, length: length &- 8)
        guard length > 16 else { return }
        words.2 = bytes.word(at: start &+ 16, length: length &- 16)
        guard length > 24 else { return }
        words.3 = bytes.word(at: start &+ 24, length: length &- 24)
        if length > 32 { count = -1 }
    }
}

extension JSONReader {
    /// Moves to the next member of an object that is one of `names`, and skips the others; nil at the end.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func nextField<Field>(_ names: FieldNames<Field>) throws(JSONFault) -> Field? {
        while try nextMember() {
            let start = offset
            let isPlain = try skipText()
            var name = PackedName(bytes, from: start &+ 1, length: offset &- start &- 2)
            // What is not Unicode is not a field's name either.
            if !isPlain { name = PackedName((try? unescaped(from: start)) ?? "") }
            try skipColon()
            if let field = names[name] { return field }
            try skip()
        }
        return nil
    }
}
