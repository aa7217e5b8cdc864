/// Who requests are made as (`as`, `as-uid`, `as-groups`, `as-user-extra` of a kubeconfig).
package struct Impersonation: Sendable, Hashable {
    package var user: String
    package var uid = ""
    package var groups: [String] = []
    package var extra: [String: [String]] = [:]

    package init(user: String) { self.user = user }

    /// The headers that ask for it, as client-go sends them (transport/round_trippers.go).
    var headers: [(name: String, value: String)] {
        var headers = [("Impersonate-User", user)]
        if !uid.isEmpty { headers.append(("Impersonate-Uid", uid)) }
        headers += groups.map { ("Impersonate-Group", $0) }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            headers += values.map { ("Impersonate-Extra-\(Self.escaped(key))", $0) }
        }
        return headers
    }

    /// Bytes that no header's name may hold, and `%`, as `%` and two hexadecimal digits.
    private static func escaped(_ key: String) -> String {
        var name = ""
        for byte in key.utf8 {
            let isLegal =
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$&'*+-.^_`|~".utf8.contains(byte)
                }
            if isLegal {
                name.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                name += "%\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
            }
        }
        return name
    }
}
