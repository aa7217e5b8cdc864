/// Names made from `metadata.generateName`.
enum GeneratedName {
    /// Without vowels and the digits that look like them, as upstream: no words by chance.
    private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")

    /// `prefix` and five random characters.
    static func make(_ prefix: String) -> String {
        prefix + String((0..<5).compactMap { _ in alphabet.randomElement() })
    }
}
