import Net

extension NFTSet {
    /// The length of a key in bytes, as registers hold it: fields of a concatenation are padded to 4 bytes.
    package func keyByteCount(_ family: IPFamily) -> Int { key.byteCount(family) }

    /// The length of a map's data in bytes; 0 for a set.
    package func dataByteCount(_ family: IPFamily) -> Int { data?.byteCount(family) ?? 0 }
}
