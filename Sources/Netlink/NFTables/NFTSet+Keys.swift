import Net

extension NFTSet {
    /// The length of a key in bytes, as registers hold it: fields of a concatenation are padded to 4 bytes.
    package func keyByteCount(_ family: IPFamily) -> Int { key.byteCount(family) }
}

extension [NFTField] {
    /// As nft prints a key or data of these fields: `10.96.0.1 . tcp . 80`. Bytes of another length are printed as words.
    package func text(_ bytes: [UInt8], _ family: IPFamily) -> String {
        guard let data = NFTData(keyBytes: bytes) else { return "\(bytes)" }
        return data.text(self, family) ?? data.description
    }
}

extension NFTData {
    /// From the bytes of a key as registers hold them; nil above `maximumByteCount`.
    package init?(keyBytes: [UInt8]) { self.init(bytes: keyBytes[...]) }

    /// The bytes of a key or of data as registers hold them.
    package var bytes: [UInt8] { withBytes { [UInt8]($0) } }
}
