/// Names made from `metadata.generateName`.
enum GeneratedName {
    /// Without vowels and the digits that look like them, as upstream: no words by chance.
    private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")

    /// So many bytes of a name, so that it is short enough for a label, as upstream.
    private static let prefixLimit = 58

    /// `prefix` and five random characters.
    static func make(_ prefix: String) -> String {
        prefix.prefix(prefixLimit) + String((0..<5).compactMap { _ in alphabet.randomElement() })
    }
}
