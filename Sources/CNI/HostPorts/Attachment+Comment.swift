/// The text by which an element tells whose it is, and how an attachment is found again in it.
extension Attachment {
    /// `eth0 1fd0… cluster`: interface, container and network, of at most 127 bytes, which is what nft takes.
    ///
    /// A name that is too long, or has what cannot stand in a comment, is cut and gets a number made of all of it: two names
    /// stay two.
    var comment: String {
        [Self.word(interfaceName, 15), Self.word(containerID, 71), Self.word(network, Self.networkByteCount)]
            .joined(separator: " ")
    }

    /// From a comment; nil for one that is not ours. Names that were cut stay so.
    init?(comment: String) {
        let words = comment.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(network: String(words[2]), containerID: String(words[1]), interfaceName: String(words[0]))
    }

    /// Whether an attachment that came from a comment is of that network.
    func isWritten(of network: String) -> Bool { self.network == Self.word(network, Self.networkByteCount) }

    private static var networkByteCount: Int { 39 }

    private static func word(_ name: String, _ byteCount: Int) -> String {
        if name.utf8.allSatisfy(isPlain), !name.isEmpty, name.utf8.count <= byteCount { return name }
        let digits = String(digest(name), radix: 16)
        let head = name.utf8.prefix(max(byteCount - 17, 0)).map { isPlain($0) ? $0 : UInt8(ascii: "_") }
        return String(decoding: head, as: UTF8.self) + "~" + digits
    }

    /// Of ASCII what is printed, but no space, no quote, no backslash and no `~`.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21..<0x7E).contains(byte) && ![UInt8(ascii: "\""), UInt8(ascii: "\\")].contains(byte)
    }

    /// FNV-1a of 64 bits.
    static func digest(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
