/// The forms of names that the API knows (k8s.io/apimachinery util/validation): a rule returns what is wrong, or nil.
enum NameRules {
    /// The name of a Namespace, a port, a host.
    static func dns1123Label(_ name: String) -> String? {
        isLabel(name)
            ? tooLong(name, limit: 63)
            : """
            a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and \
            end with an alphanumeric character
            """
    }

    /// The name of a Service.
    static func dns1035Label(_ name: String) -> String? {
        isLabel(name) && name.utf8.first.map(isDigit) == false
            ? tooLong(name, limit: 63)
            : """
            a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
            character, and end with an alphanumeric character
            """
    }

    /// The name of a Pod, a Node, an EndpointSlice.
    static func dns1123Subdomain(_ name: String) -> String? {
        name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabel(String($0)) }
            ? tooLong(name, limit: 253)
            : """
            a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must \
            start and end with an alphanumeric character
            """
    }

    /// The name of a container's port, as `targetPort` refers to it (RFC 6335, IANA_SVC_NAME).
    static func portName(_ name: String) -> String? {
        if name.utf8.count > 15 { return "must be no more than 15 characters" }
        guard isLabel(name) else { return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)" }
        if !name.utf8.contains(where: isLetter) { return "must contain at least one letter (a-z)" }
        return name.contains("--") ? "must not contain consecutive hyphens" : nil
    }

    static func port(_ number: Int) -> String? {
        (1...65535).contains(number) ? nil : "must be between 1 and 65535, inclusive"
    }

    private static func isLabel(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, let last = bytes.last else { return false }
        return first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
            && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func tooLong(_ name: String, limit: Int) -> String? {
        name.utf8.count > limit ? "must be no more than \(limit) characters" : nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
