extension IPAddress {
    /// Parses dotted-quad IPv4 (no leading zeros, as Kubernetes' `ParseIPSloppy` successor wants) or RFC 4291 IPv6
    /// text without a zone.
    ///
    /// - Throws: `AddressParseError` when the text is neither.
    package init(_ text: String) throws(AddressParseError) {
        guard let address = IPAddress(parsing: text) else {
            throw AddressParseError(text, expected: "an IP address")
        }
        self = address
    }

    /// As `init(_:)`, and the address must be of `family`.
    package init(_ text: String, family: IPFamily) throws(AddressParseError) {
        guard let address = IPAddress(parsing: text), address.family == family else {
            throw AddressParseError(text, expected: "an \(family) address")
        }
        self = address
    }

    /// As `init(_:)`, nil where that throws: for hot paths that make their own error.
    package init?(parsing text: String) {
        guard let parsed = Self.parse(text.utf8Span.span) else { return nil }
        self = parsed
    }

    private static func parse(_ text: Span<UInt8>) -> IPAddress? {
        // A colon is in every IPv6 text within the first five bytes.
        for index in 0..<min(text.count, 5) where text[index] == UInt8(ascii: ":") {
            return parseV6((0..<text.count).map { text[$0] }[...])
        }
        return parseV4(text)
    }

    private static func parseV4(_ text: Span<UInt8>) -> IPAddress? {
        var number: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var dots = 0
        for index in 0..<text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if digits > 0 && octet == 0 { return nil }
                octet = octet * 10 + UInt32(byte - UInt8(ascii: "0"))
                digits += 1
                if octet > 255 { return nil }
            case UInt8(ascii: "."):
                if digits == 0 || dots == 3 { return nil }
                number = number << 8 | octet
                (octet, digits, dots) = (0, 0, dots + 1)
            default: return nil
            }
        }
        return dots == 3 && digits > 0 ? IPAddress(v4: number << 8 | octet) : nil
    }

    private static func parseV6(_ text: ArraySlice<UInt8>) -> IPAddress? {
        var text = text
        var groups: [UInt16] = []
        var gap: Int?
        if text.starts(with: [UInt8(ascii: ":"), UInt8(ascii: ":")]) {
            gap = 0
            text = text.dropFirst(2)
        }
        while let first = text.first {
            if first == UInt8(ascii: ":") {
                // A group has just been read: a second colon here is the gap.
                guard gap == nil, !groups.isEmpty else { return nil }
                gap = groups.count
                text = text.dropFirst()
                continue
            }
            let end = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
            let group = text[..<end]
            if end == text.endIndex, group.contains(UInt8(ascii: ".")) {
                guard let tail = parseV4(group.span)?.v4Bits else { return nil }
                groups += [UInt16(tail >> 16), UInt16(truncatingIfNeeded: tail)]
                text = []
                break
            }
            guard let value = hexadecimal(group) else { return nil }
            groups.append(value)
            if end == text.endIndex {
                text = []
            } else {
                text = text[(end + 1)...]
                if text.isEmpty { return nil }
            }
        }
        let missing = 8 - groups.count
        guard gap == nil ? missing == 0 : missing >= 1 else { return nil }
        if let gap { groups.insert(contentsOf: repeatElement(0, count: missing), at: gap) }
        let number = groups.reduce(UInt128(0)) { $0 << 16 | UInt128($1) }
        return IPAddress(number: number, family: .ipv6)
    }

    private static func hexadecimal(_ text: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(text.count) else { return nil }
        var value: UInt16 = 0
        for byte in text {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted quad, or the canonical IPv6 text of RFC 5952.
    package var description: String {
        switch family {
        case .ipv4:
            let bits = v4Bits
            return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
        case .ipv6: return v6Text
        }
    }

    private var v6Text: String {
        let number = self.number
        if number >> 32 == 0xFFFF { return "::ffff:\(IPAddress(v4: v4Bits))" }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: number >> (112 - UInt128($0) * 16)) }
        // RFC 5952 section 4.2: the longest run of two or more zero groups, the first of equals.
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8 && groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        func text(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !best.isEmpty else { return text(groups[...]) }
        return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }
}
