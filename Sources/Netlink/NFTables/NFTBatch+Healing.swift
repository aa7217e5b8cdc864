extension NFTBatch {
    /// Tables, chains, sets and rules that it makes or deletes, and sets that it empties.
    package var objectCount: Int { objectNames.count }

    /// Hands out by how many elements each set of the batch grows, where all that it deletes is there and all that it
    /// adds is not.
    package func forEachBalance(_ body: (_ table: NFTTable, _ set: String, _ elements: Int) -> Void) {
        for set in sets {
            let balance = set.additions.elementCount - set.deletions.elementCount
            if balance != 0 { body(set.additions.table, set.additions.set, balance) }
        }
    }
}

extension NFTData {
    /// The first bytes of a key of several fields: those of some of its first fields.
    package func prefix(_ byteCount: Int) -> NFTData {
        guard byteCount < count else { return self }
        return withBytes { NFTData(bytes: [UInt8]($0.prefix(byteCount))[...]) } ?? self
    }
}
