import Yams

/// A key that comes again later in the same mapping.
package struct RepeatedKey: Sendable, Hashable {
    package let name: String
    /// Of the file, from 1; where it stands for the first time.
    package let line: Int
}

extension RepeatedKey {
    /// What a key begins with that does not count: a character for private use, which YAML allows and no field has.
    static let mark: Character = "\u{E000}"

    /// So many in a document are left out; each costs to parse it once more.
    static let limit = 100

    /// Marks a key, as the parser knows no mode in which a key may come again.
    ///
    /// - Parameters:
    ///   - number: of this mark among those in the text, so that no two keys are the same.
    ///   - place: where the key begins.
    /// - Returns: nil where the text at that place is not the key's name: one with escapes, or with a tag before it.
    static func mark(_ name: String, _ number: Int, at place: Mark, in text: String) -> String? {
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        for _ in 1..<max(place.line, 1) {
            guard let end = scalars[index...].firstIndex(of: "\n") else { return nil }
            index = scalars.index(after: end)
        }
        guard var key = scalars.index(index, offsetBy: max(place.column, 1) - 1, limitedBy: scalars.endIndex),
            key < scalars.endIndex
        else { return nil }
        if scalars[key] == "\"" || scalars[key] == "'" { key = scalars.index(after: key) }
        // A merge key is none.
        guard text[key...].hasPrefix(name), !name.isEmpty, name != "<<" else { return nil }
        return text[..<key] + "\(mark)\(number)\(mark)" + text[key...]
    }
}
