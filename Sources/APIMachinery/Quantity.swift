/// An amount of a resource: `100m`, `1.5Gi`, `2e3` (k8s.io/apimachinery api/resource `Quantity`), exact to the billionth.
package struct Quantity: Sendable {
    /// The family of suffixes that the amount is written with.
    package enum Format: Sendable {
        /// `n`, `u`, `m`, none, `k`, `M`, …
        case decimal
        /// `Ki`, `Mi`, …
        case binary
        /// `e3`, `e6`, …
        case exponent
    }

    /// Amounts that are larger are taken as the largest that this holds.
    package let nanos: Int128
    package let format: Format
    /// The text that it was read from, where upstream writes that again.
    private let spelling: String?

    package init(nanos: Int128, format: Format = .decimal) {
        self.nanos = nanos
        self.format = format
        spelling = nil
    }

    package init(_ value: Int, format: Format = .decimal) {
        self.init(nanos: Int128(value) * Self.unit, format: format)
    }

    package static let zero = Quantity(0)

    private static let unit: Int128 = 1_000_000_000

    /// In whole units, rounded away from zero.
    package var value: Int { rounded(by: Self.unit) }

    /// In thousandths, rounded away from zero.
    package var milliValue: Int { rounded(by: Self.unit / 1000) }

    package var isZero: Bool { nanos == 0 }

    private func rounded(by divisor: Int128) -> Int {
        let (quotient, remainder) = nanos.quotientAndRemainder(dividingBy: divisor)
        return Int(clamping: remainder == 0 ? quotient : quotient + nanos.signum())
    }

    /// The sum, written as the first is, or as the second where the first is zero.
    package static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(
            nanos: .saturating(left.nanos.addingReportingOverflow(right.nanos), isNegative: left.nanos < 0),
            format: left.isZero ? right.format : left.format)
    }

    package static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(
            nanos: .saturating(left.nanos.subtractingReportingOverflow(right.nanos), isNegative: left.nanos < 0),
            format: left.isZero ? right.format : left.format)
    }

    package static func += (left: inout Quantity, right: Quantity) { left = left + right }
    package static func -= (left: inout Quantity, right: Quantity) { left = left - right }
}

/// By amount: `1` and `1000m` are equal.
extension Quantity: Comparable {
    package static func == (left: Quantity, right: Quantity) -> Bool { left.nanos == right.nanos }
    package static func < (left: Quantity, right: Quantity) -> Bool { left.nanos < right.nanos }
}

// MARK: - Text

/// Why a text is no quantity, in upstream's words.
package enum QuantityError: String, Error, CustomStringConvertible {
    case format = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    case number = "unable to parse numeric part of quantity"
    case suffix = "unable to parse quantity's suffix"

    package var description: String { rawValue }
}

extension Quantity {
    /// Reads an amount as `canonicalText` and people write it.
    ///
    /// - Throws: `QuantityError` for anything but digits with one point at most and a suffix.
    package init(_ text: String) throws(QuantityError) {
        let parts = try QuantityText(text)
        guard let suffix = QuantitySuffix(parts.suffix) else { throw .suffix }
        let magnitude = parts.magnitude(suffix)
        nanos = parts.isNegative ? -magnitude : magnitude
        format = suffix.format == .binary && magnitude < Self.unit && magnitude > 0 ? .decimal : suffix.format
        spelling = parts.isCanonical(suffix) ? text : nil
    }

    /// As upstream writes it: without a fraction, with the largest suffix that leaves none.
    package var canonicalText: String {
        if let spelling { return spelling }
        if nanos == 0 { return "0" }
        let (whole, fraction) = nanos.quotientAndRemainder(dividingBy: Self.unit)
        guard format == .binary, fraction == 0, whole.magnitude >= 1024 else { return decimalText }
        let (number, exponent) = whole.droppingFactors(of: 1024, limit: 6)
        return "\(number)\(["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][exponent])"
    }

    private var decimalText: String {
        let (number, thousands) = nanos.droppingFactors(of: 1000, limit: format == .exponent ? 12 : 9)
        let exponent = 3 * (thousands - 3)
        if format == .exponent { return exponent == 0 ? "\(number)" : "\(number)e\(exponent)" }
        return "\(number)\(["n", "u", "m", "", "k", "M", "G", "T", "P", "E"][thousands])"
    }
}

/// The parts of a quantity's text.
private struct QuantityText {
    var isNegative = false
    /// Without the zeros before it; "0" where nothing is left.
    var whole: Substring.UTF8View
    var fraction: Substring.UTF8View
    var suffix: Substring

    init(_ text: String) throws(QuantityError) {
        var rest = text[...].utf8
        guard !rest.isEmpty else { throw .format }
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        let digits = rest.prefix(while: \.isDigit)
        whole = digits.drop { $0 == UInt8(ascii: "0") }
        rest = rest[digits.endIndex...]
        fraction = rest.prefix(0)
        var hasPoint = false
        if rest.first == UInt8(ascii: ".") {
            hasPoint = true
            fraction = rest.dropFirst().prefix(while: \.isDigit)
            rest = rest[fraction.endIndex...]
        }
        suffix = Substring(rest)
        // Upstream takes a sign alone for zero, and a point alone for no number.
        if digits.isEmpty, fraction.isEmpty, hasPoint || !suffix.isEmpty { throw hasPoint ? .number : .format }
        let letters = rest.prefix { "eEinumkKMGTP".utf8.contains($0) }
        var exponent = rest[letters.endIndex...]
        if let sign = exponent.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { exponent.removeFirst() }
        guard exponent.allSatisfy(\.isDigit) else { throw .format }
    }

    /// In billionths, rounded up: who asks for something gets something.
    func magnitude(_ suffix: QuantitySuffix) -> Int128 {
        var number: Int128 = 0
        for digit in [whole, fraction].joined() {
            number = number.multipliedSaturating(by: 10)
            number = .saturating(number.addingReportingOverflow(Int128(digit - UInt8(ascii: "0"))), isNegative: false)
        }
        if suffix.format == .binary { number = number.multipliedSaturating(by: 1 << Int128(suffix.exponent)) }
        var zeros = 9 - fraction.count + (suffix.format == .binary ? 0 : suffix.exponent)
        while zeros > 0, number != 0, number != .max {
            number = number.multipliedSaturating(by: 10)
            zeros -= 1
        }
        var isExact = true
        while zeros < 0, number != 0 {
            isExact = isExact && number % 10 == 0
            number /= 10
            zeros += 1
        }
        if !isExact { number += 1 }
        // Upstream bounds these alone.
        return suffix.format == .binary ? min(number, Int128(Int64.max) * 1_000_000_000) : number
    }

    /// Whether upstream takes the text for its own canonical form (`ParseQuantity`), which it does not look at closely.
    func isCanonical(_ suffix: QuantitySuffix) -> Bool {
        // Upstream looks at the digits as one number, in which a point makes no difference.
        let count = max(whole.count, 1) + fraction.count
        let number = magnitude(QuantitySuffix.none(fractionCount: fraction.count)) / 1_000_000_000
        if suffix.format == .binary {
            let precision = 15 - count - Int(Float(suffix.exponent) * 3 / 10) - 1
            return precision >= 0 && fraction.isEmpty && number & 7 != 0
        }
        let scale = suffix.exponent - fraction.count
        let endsInThousands = count >= 3 && number % 1000 == 0
        return count <= 18 && scale >= -9 && scale % 3 == 0 && !endsInThousands && !whole.isEmpty
    }
}

/// What a suffix multiplies by: a power of ten, or of two.
private struct QuantitySuffix {
    let format: Quantity.Format
    let exponent: Int

    private init(_ format: Quantity.Format, _ exponent: Int) {
        self.format = format
        self.exponent = exponent
    }

    /// What makes a whole number of digits with a fraction.
    static func none(fractionCount: Int) -> QuantitySuffix { QuantitySuffix(.decimal, fractionCount) }

    init?(_ text: Substring) {
        switch text {
        case "": self.init(.decimal, 0)
        case "n": self.init(.decimal, -9)
        case "u": self.init(.decimal, -6)
        case "m": self.init(.decimal, -3)
        case "k": self.init(.decimal, 3)
        case "M": self.init(.decimal, 6)
        case "G": self.init(.decimal, 9)
        case "T": self.init(.decimal, 12)
        case "P": self.init(.decimal, 15)
        case "E": self.init(.decimal, 18)
        case "Ki": self.init(.binary, 10)
        case "Mi": self.init(.binary, 20)
        case "Gi": self.init(.binary, 30)
        case "Ti": self.init(.binary, 40)
        case "Pi": self.init(.binary, 50)
        case "Ei": self.init(.binary, 60)
        default:
            guard let letter = text.first, letter == "e" || letter == "E", let number = Int32(text.dropFirst()) else {
                return nil
            }
            self.init(.exponent, Int(number))
        }
    }
}

extension Int128 {
    fileprivate static func saturating(_ result: (partialValue: Int128, overflow: Bool), isNegative: Bool) -> Int128 {
        result.overflow ? (isNegative ? -.max : .max) : result.partialValue
    }

    fileprivate func multipliedSaturating(by factor: Int128) -> Int128 {
        .saturating(multipliedReportingOverflow(by: factor), isNegative: false)
    }

    /// The number without a factor, and how often that was in it.
    fileprivate func droppingFactors(of factor: Int128, limit: Int) -> (number: Int128, count: Int) {
        var number = self
        var count = 0
        while count < limit, number.isMultiple(of: factor) {
            number /= factor
            count += 1
        }
        return (number, count)
    }
}
