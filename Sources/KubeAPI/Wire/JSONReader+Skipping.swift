extension JSONReader {
    /// Skips a value of any kind and checks its form.
    @_lifetime(self: copy self)
    mutating func skip() throws(JSONFault) {
        switch start() {
        case .quote: _ = try skipText()
        case .openBrace:
            try openObject()
            while try nextMember() {
                _ = try skipText()
                try skipColon()
                try skip()
            }
        case .openBracket:
            try openList()
            while try nextElement() { try skip() }
        case UInt8(ascii: "t"): try skip(.true)
        case UInt8(ascii: "f"): try skip(.false)
        case UInt8(ascii: "n"): try skip(.null)
        case let byte where byte.isDigit || byte == UInt8(ascii: "-"): try skipNumber()
        default: throw .malformed
        }
    }
}
