/// A file that holds a bearer token, as the kubelet writes it into a Pod.
enum TokenFile {
    /// The token as it is now, without blanks around it.
    ///
    /// - Throws: `LocalFile.Failure`, also where the file is empty or holds what cannot be sent in a header.
    static func read(_ path: String) throws(LocalFile.Failure) -> Secret {
        let bytes = try LocalFile.bytes(of: path)
        guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
        else { throw LocalFile.Failure(path: path, problem: "holds no token") }
        let token = Secret(bytes: Array(bytes[first...last]))
        guard token.isSendable else {
            throw LocalFile.Failure(path: path, problem: "holds a token with characters that no header may have")
        }
        return token
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension Secret {
    /// Whether it is of visible ASCII alone. What is not would be quoted in the HTTP client's own error.
    var isSendable: Bool { !bytes.isEmpty && bytes.allSatisfy { (0x21...0x7E).contains($0) } }
}
