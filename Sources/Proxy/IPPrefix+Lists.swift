import Net

extension IPPrefix {
    /// The network of a text such as `10.0.0.0/8`, also with host bits and with spaces around it: what objects have
    /// that were written before the API server became strict. Nil for anything else.
    init?(lenient text: String) {
        var text = Substring(text)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parsing: String(parts[0])), let length = UInt8(parts[1]) else {
            return nil
        }
        self.init(containing: address, length: Int(length))
    }
}

extension [IPPrefix] {
    /// The networks of an object's field; those that cannot be read are problems.
    init(reading texts: [String], field: String, problems: inout ProblemList) {
        self = []
        for text in texts {
            if let prefix = IPPrefix(lenient: text) {
                append(prefix)
            } else {
                problems.append("\(field): '\(text)' is not a network in CIDR notation")
            }
        }
    }

    /// The same addresses with no network within another, in order: what a set of intervals can hold.
    var withoutNested: [IPPrefix] {
        guard count > 1 else { return self }
        var kept: [IPPrefix] = []
        // A network comes right before all that are within it.
        for prefix in sorted() where kept.last?.contains(prefix.address) != true { kept.append(prefix) }
        return kept
    }
}
