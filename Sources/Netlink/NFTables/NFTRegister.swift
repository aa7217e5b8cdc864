import CNftnl

/// A register of nf_tables by the 32-bit word it starts at.
package struct NFTRegister: Hashable, Sendable {
    /// The number in messages (`enum nft_registers`).
    let number: UInt32

    /// Where the register starts in the 64 bytes of registers.
    package var byteOffset: Int {
        let first = Int(NFT_REG32_00.rawValue)
        return Int(number) >= first ? (Int(number) - first) * 4 : (Int(number) - Int(NFT_REG_1.rawValue)) * 16
    }

    /// The register that starts at word 0…15; as nft does it, one that starts where a 16-byte register does is named
    /// by that (`NFT_REG_1`…`NFT_REG_4`), any other `NFT_REG32_00` + word.
    package static func word(_ word: Int) -> NFTRegister {
        precondition((0...15).contains(word), "nf_tables has 16 words of registers, not \(word)")
        let number =
            word % 4 == 0
            ? NFT_REG_1.rawValue + UInt32(word / 4) : NFT_REG32_00.rawValue + UInt32(word)
        return NFTRegister(number: number)
    }
}
