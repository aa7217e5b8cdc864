/// Finds documents in which an alias may be, or be within, a key of a mapping.
///
/// Yams compares the keys of each mapping with everything that is in them written out, so that a few aliases to aliases
/// there take forever, and only the text can be looked at before it does. Keys of that sort have no JSON anyway.
enum AliasedKeys {
    /// True where the text has an alias and a key other than plain or quoted text; true also for some texts that only look
    /// like it within a string.
    static func mayOccur(in text: String.UTF8View) -> Bool {
        var hasAlias = false
        var hasComplexKey = false
        var previous: UInt8 = 0x0A
        /// The last byte that was not blank; 0x2A while within or right after an alias.
        var token: UInt8 = 0
        for byte in text {
            switch byte {
            case 0x2A where startsToken(previous):  // *
                hasAlias = true
                token = byte
            case 0x20, 0x09, 0x0A, 0x0D:
                // `? ` at the start of a token says that a key follows.
                if previous == 0x3F && token == 0x3F { hasComplexKey = true }
            case 0x3A where token == 0x5D || token == 0x7D || token == 0x2A:  // a colon after ], } or an alias
                hasComplexKey = true
                token = byte
            case 0x3F:
                token = startsToken(previous) ? byte : 0
            default:
                let isWithinAlias = token == 0x2A && isNameByte(byte) && isNameByteOrAlias(previous)
                if !isWithinAlias { token = byte == 0x2A || byte == 0x3F ? 0 : byte }
            }
            previous = byte
        }
        return hasAlias && hasComplexKey
    }

    /// Whether a token can start after this byte: a blank, a line's end, or one of `[ { ,`.
    private static func startsToken(_ previous: UInt8) -> Bool {
        [0x20, 0x09, 0x0A, 0x0D, 0x5B, 0x7B, 0x2C].contains(previous)
    }

    private static func isNameByteOrAlias(_ byte: UInt8) -> Bool { byte == 0x2A || isNameByte(byte) }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39) ~= byte || (0x41...0x5A) ~= byte || (0x61...0x7A) ~= byte || byte == 0x2D || byte == 0x5F
    }
}
