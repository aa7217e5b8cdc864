/// The forms of names that the API knows: what is wrong with a text, in upstream's words
/// (k8s.io/apimachinery util/validation and api/validate/content). Nothing for a good one.
enum NameSyntax {
    typealias Rule = @Sendable (String) -> [String]

    private static let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    private static let subdomain = #"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"#
    private static let key = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

    /// The name of a Namespace, of a container, of a port of a Service.
    static let dns1123Label: Rule = { name in
        var causes = tooLong(name, 63)
        if !name.utf8.isLabel {
            if name.utf8.isSubdomain {
                causes.append("must not contain dots")
            } else {
                causes.append(
                    pattern(
                        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
                            + "start and end with an alphanumeric character", label, "my-name", "123-abc"))
            }
        }
        return causes
    }

    /// The name of most kinds.
    static let dns1123Subdomain: Rule = { name in
        var causes = tooLong(name, 253)
        if !name.utf8.isSubdomain {
            causes.append(
                pattern(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
                        + "must start and end with an alphanumeric character", subdomain, "example.com"))
        }
        return causes
    }

    /// A domain in which names are looked up: as `dns1123Subdomain`, with underscores.
    static let underscoredSubdomain: Rule = { name in
        var causes = tooLong(name, 253)
        if !name.utf8.isUnderscoredSubdomain {
            let label = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
            causes.append(
                pattern(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or "
                        + "'.', and must start and end with an alphanumeric character", "\(label)(\\.\(label))*",
                    "example.com"))
        }
        return causes
    }

    static let header: Rule = { name in
        !name.isEmpty && name.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
            ? []
            : [
                pattern(
                    "a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+",
                    "X-Header-Name")
            ]
    }

    /// The name of a StatefulSet's Service, and of a Service before Kubernetes 1.36.
    static let dns1035Label: Rule = { name in
        var causes = tooLong(name, 63)
        if !name.utf8.isLabel || name.utf8.first?.isDigit == true {
            causes.append(
                pattern(
                    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
                        + "alphabetic character, and end with an alphanumeric character", "[a-z]([-a-z0-9]*[a-z0-9])?",
                    "my-name", "abc-123"))
        }
        return causes
    }

    /// The name of a container's port (IANA_SVC_NAME).
    static let portName: Rule = { name in
        let bytes = name.utf8
        let hyphen = UInt8(ascii: "-")
        var causes = tooLong(name, 15)
        if bytes.isEmpty || !bytes.allSatisfy({ $0.isLower || $0.isDigit || $0 == hyphen }) {
            causes.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !bytes.contains(where: \.isLower) { causes.append("must contain at least one letter (a-z)") }
        if name.contains("--") { causes.append("must not contain consecutive hyphens") }
        if bytes.first == hyphen || bytes.last == hyphen { causes.append("must not begin or end with a hyphen") }
        return causes
    }

    /// The key of a label, a finalizer, a condition: an optional DNS subdomain and `/`, then a name.
    static let qualifiedName: Rule = { text in
        let words =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
            + "alphanumeric character"
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count <= 2, let name = parts.last else {
            return [
                "a valid label key " + pattern(words, key, "MyName", "my.name", "123-abc")
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            ]
        }
        var causes: [String] = []
        if parts.count == 2 {
            let prefix = parts[0].isEmpty ? ["must be non-empty"] : dns1123SubdomainBytes(parts[0])
            causes += prefix.map { "prefix part \($0)" }
        }
        if name.isEmpty {
            causes.append("name part must be non-empty")
        } else if name.utf8.count > 63 {
            causes.append("name part must be no more than 63 bytes")
        }
        if !name.utf8.isKeyName {
            causes.append("name part " + pattern(words, key, "MyName", "my.name", "123-abc"))
        }
        return causes
    }

    static let labelValue: Rule = { value in
        var causes = value.utf8.count > 63 ? ["must be no more than 63 bytes"] : []
        if !value.isEmpty, !value.utf8.isKeyName {
            causes.append(
                pattern(
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
                        + "must start and end with an alphanumeric character", "(\(key))?", "MyValue", "my_value",
                    "12345"
                ))
        }
        return causes
    }

    /// A key of a ConfigMap or a Secret.
    static let configKey: Rule = { name in
        var causes = tooLong(name, 253)
        let isPlain = name.utf8.allSatisfy { $0.isAlphanumeric || "-._".utf8.contains($0) }
        if name.isEmpty || !isPlain {
            causes.append(
                pattern(
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'", "[-._a-zA-Z0-9]+",
                    "key.name", "KEY_NAME", "key-name"))
        }
        if name == "." || name == ".." {
            causes.append("must not be '\(name)'")
        } else if name.hasPrefix("..") {
            causes.append("must not start with '..'")
        }
        return causes
    }

    /// What may stand between two slashes of a URL (`IsPathSegmentName`).
    static let pathSegment: Rule = { name in
        if name == "." || name == ".." { return ["may not be '\(name)'"] }
        return ["/", "%"].filter(name.contains).map { "may not contain '\($0)'" }
    }

    /// The name of a variable of a container's environment.
    static let variable: Rule = { name in
        if name.isEmpty { return ["environment variable name must be non-empty"] }
        let isPrintable = name.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) && $0 != "=" }
        return isPrintable
            ? [] : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
    }

    static let percent: Rule = { text in
        let isPercent = text.hasSuffix("%") && text.utf8.count > 1 && text.utf8.dropLast().allSatisfy(\.isDigit)
        return isPercent
            ? []
            : [
                pattern(
                    "a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%", "93%")
            ]
    }

    static let cIdentifier: Rule = { name in
        let isWord = name.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "_") }
        return isWord && name.utf8.first?.isDigit == false
            ? []
            : [
                pattern(
                    "a valid C identifier must start with alphabetic character or '_', followed by a string of "
                        + "alphanumeric characters or '_'", "[A-Za-z_][A-Za-z0-9_]*", "my_name", "MY_NAME", "MyName")
            ]
    }

    static func range(_ number: Int, _ range: ClosedRange<Int>) -> [String] {
        range.contains(number) ? [] : ["must be between \(range.lowerBound) and \(range.upperBound), inclusive"]
    }

    /// A name to which a generated end will be added may end in a dash.
    static func beginning(_ rule: @escaping Rule) -> Rule {
        { name in rule(name.utf8.count > 1 && name.hasSuffix("-") ? "\(name.dropLast(2))a" : name) }
    }

    static func tooLong(_ text: String, _ limit: Int) -> [String] {
        text.utf8.count > limit ? ["must be no more than \(limit) characters"] : []
    }

    static func pattern(_ words: String, _ expression: String, _ examples: String...) -> String {
        let listed = examples.map { "'\($0)', " }.joined(separator: " or ")
        return examples.isEmpty
            ? "\(words) (regex used for validation is '\(expression)')"
            : "\(words) (e.g. \(listed)regex used for validation is '\(expression)')"
    }

    /// As a prefix of a key, whose length is told in bytes.
    private static func dns1123SubdomainBytes(_ text: String) -> [String] {
        let causes = dns1123Subdomain(text)
        guard text.utf8.count > 253 else { return causes }
        return ["must be no more than 253 bytes"] + causes.dropFirst()
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLower: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    var isAlphanumeric: Bool { isDigit || isLower || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
}

extension Collection<UInt8> {
    /// Lower-case letters, digits and dashes, without a dash at either end.
    fileprivate var isLabel: Bool {
        var last: UInt8?
        for byte in self {
            guard byte.isLower || byte.isDigit || byte == UInt8(ascii: "-") && last != nil else { return false }
            last = byte
        }
        return last != nil && last != UInt8(ascii: "-")
    }

    fileprivate var isSubdomain: Bool {
        split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(\.isLabel)
    }

    fileprivate var isUnderscoredSubdomain: Bool {
        split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
            let name = part.first == UInt8(ascii: "_") ? part.dropFirst() : part
            guard let first = name.first, let last = name.last else { return false }
            return (first.isLower || first.isDigit) && (last.isLower || last.isDigit)
                && name.allSatisfy { $0.isLower || $0.isDigit || "-_".utf8.contains($0) }
        }
    }

    fileprivate var isKeyName: Bool {
        var last: UInt8?
        for byte in self {
            guard byte.isAlphanumeric || last != nil && "-_.".utf8.contains(byte) else { return false }
            last = byte
        }
        return last?.isAlphanumeric == true
    }
}
