import CNftnl

/// The notes that nft keeps with objects, opaque to the kernel: values of one byte of type, one of length, and bytes.
struct NFTUserData {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ type: some BinaryInteger, _ value: [UInt8]) {
        bytes += [UInt8(type), UInt8(value.count)] + value
    }

    mutating func append(_ type: some BinaryInteger, number: UInt32) {
        append(type, withUnsafeBytes(of: number) { [UInt8]($0) })
    }

    mutating func append(_ type: some BinaryInteger, nested: (inout NFTUserData) -> Void) {
        var inner = NFTUserData()
        nested(&inner)
        append(type, inner.bytes)
    }

    /// A comment with its NUL; nft takes up to `NFTNL_UDATA_COMMENT_MAXLEN` bytes, the rest is cut at a character.
    mutating func append(_ type: some BinaryInteger, comment: String) {
        var text = comment
        while text.utf8.count >= Int(NFTNL_UDATA_COMMENT_MAXLEN) { text.removeLast() }
        append(type, [UInt8](text.utf8) + [0])
    }

    /// The text of that type in the notes of an object that the kernel sent; nil without one, or where notes are cut short.
    static func string(_ type: some BinaryInteger, in notes: ArraySlice<UInt8>) -> String? {
        var rest = notes
        while let found = rest.first, let length = rest.dropFirst().first {
            let value = rest.dropFirst(2)
            guard value.count >= Int(length) else { return nil }
            if found == UInt8(type) {
                return String(decoding: value.prefix(Int(length)).prefix { $0 != 0 }, as: UTF8.self)
            }
            rest = value.dropFirst(Int(length))
        }
        return nil
    }
}
