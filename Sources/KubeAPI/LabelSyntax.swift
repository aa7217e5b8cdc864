/// What may be a label (k8s.io/apimachinery util/validation/validation.go).
package enum LabelSyntax {
    /// Whether the text is a qualified name: an optional DNS subdomain and `/`, then a name of at most 63 characters.
    package static func isKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.last, !name.isEmpty, isName(name) else { return false }
        return parts.count == 1 || isSubdomain(parts[0])
    }

    /// Whether the text is empty or a name of at most 63 characters.
    package static func isValue(_ text: String) -> Bool { text.isEmpty || isName(text[...]) }

    private static func isName(_ text: Substring) -> Bool {
        let bytes = text.utf8
        guard bytes.count <= 63, let first = bytes.first, let last = bytes.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }  // - . _
    }

    private static func isSubdomain(_ text: Substring) -> Bool {
        text.utf8.count <= 253
            && text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { part in
                guard let first = part.first, let last = part.last else { return false }
                return isLowerAlphanumeric(first) && isLowerAlphanumeric(last)
                    && part.allSatisfy { isLowerAlphanumeric($0) || $0 == 0x2D }
            }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLowerAlphanumeric(byte) || (0x41...0x5A) ~= byte }

    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool { (0x30...0x39) ~= byte || (0x61...0x7A) ~= byte }
}
