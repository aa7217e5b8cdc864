/// A half-open span of keys, in the order that a store keeps them.
struct KeySpan: Sendable, Hashable {
    /// The first key that can be in it.
    let lower: String
    /// The first key after it; nil where nothing bounds it.
    let upper: String?

    init(_ keys: RangeRequest.Keys) {
        switch keys {
        case .key(let key):
            lower = key
            upper = key + "\0"
        case .prefix(let prefix):
            lower = prefix
            upper = Self.end(of: prefix)
        }
    }

    init(prefix: String) { self.init(.prefix(prefix)) }

    func contains(_ key: String) -> Bool {
        guard key >= lower else { return false }
        return upper.map { key < $0 } ?? true
    }

    /// The first string after all those with the prefix: its last scalar is one higher.
    private static func end(of prefix: String) -> String? {
        var scalars = prefix.unicodeScalars
        while let last = scalars.popLast() {
            // Behind U+D7FF come the surrogates, which are no scalars.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            scalars.append(scalar)
            return String(scalars)
        }
        return nil
    }
}
