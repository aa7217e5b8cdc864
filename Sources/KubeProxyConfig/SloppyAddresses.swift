import Net

extension IPAddress {
    /// As upstream's `ParseIPSloppy`: decimal numbers of IPv4 may have leading zeros.
    init?(sloppy text: String) {
        if !text.contains(":") {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { part in
                part.isEmpty || part.drop { $0 == "0" }.isEmpty ? part.suffix(1) : part.drop { $0 == "0" }
            }
            self.init(parsing: parts.joined(separator: "."))
        } else {
            self.init(parsing: text)
        }
    }
}

extension IPPrefix {
    /// As upstream's `ParseCIDRSloppy`: bits behind the prefix may be set.
    init?(sloppy text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(sloppy: String(parts[0])), !parts[1].isEmpty,
            parts[1].allSatisfy({ $0.isASCII && $0.isNumber }), let length = Int(parts[1])
        else { return nil }
        self.init(containing: address, length: length)
    }
}
