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
        /// The last byte that was not blank; that of `*` while within or right after an alias, 0 where it does not matter.
        var token: UInt8 = 0
        for byte in text {
            switch byte {
            case 0x2A:  // *
                token = startsToken(previous) ? byte : 0
            case 0x3F where startsToken(previous):  // ? says that a key follows
                hasComplexKey = true
                token = 0
            case 0x20, 0x09, 0x0A, 0x0D: break
            case 0x3A where token == 0x5D || token == 0x7D || token == 0x2A:  // a colon after ], } or an alias
                hasComplexKey = true
                token = 0
            default:
                if token == 0x2A && isNameByte(byte) && (previous == 0x2A || isNameByte(previous)) {
                    hasAlias = true
                } else {
                    token = byte
                }
            }
            previous = byte
        }
        return hasAlias && hasComplexKey
    }

    /// Whether a token can start after this byte: a blank, a line's end, or one of `[ { , : ?`.
    private static func startsToken(_ previous: UInt8) -> Bool {
        switch previous {
        case 0x20, 0x09, 0x0A, 0x0D, 0x5B, 0x7B, 0x2C, 0x3A, 0x3F: true
        default: false
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39) ~= byte || (0x41...0x5A) ~= byte || (0x61...0x7A) ~= byte || byte == 0x2D || byte == 0x5F
    }
}
