/// A length of time as kube-proxy's configuration has it: Go's `time.Duration`, signed nanoseconds.
package struct GoDuration: Hashable, Sendable, Comparable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static let zero = GoDuration(nanoseconds: 0)
    package static func seconds(_ seconds: Int64) -> GoDuration { GoDuration(nanoseconds: seconds * 1_000_000_000) }

    /// Whole seconds, cut towards zero.
    package var wholeSeconds: Int64 { nanoseconds / 1_000_000_000 }

    /// For clocks and timers.
    package var duration: Duration { .nanoseconds(nanoseconds) }

    package static func < (left: GoDuration, right: GoDuration) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The units that can stand in a text, the longest first.
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000),
        ("µs", 1000), ("μs", 1000), ("ns", 1),
    ]
}

extension GoDuration: CustomStringConvertible {
    /// Parses `15m0s`, `1.5h`, `-250ms`, `0` (Go, time/format.go `ParseDuration`). Nil for anything else.
    package init?(_ text: String) {
        var rest = text[...]
        let isNegative = rest.first == "-"
        if let sign = rest.first, sign == "-" || sign == "+" { rest = rest.dropFirst() }
        if rest == "0" {
            self = .zero
            return
        }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            guard let part = Self.part(&rest) else { return nil }
            let (sum, overflows) = total.addingReportingOverflow(part)
            guard !overflows else { return nil }
            total = sum
        }
        nanoseconds = isNegative ? -total : total
    }

    /// Takes one number with its unit.
    private static func part(_ rest: inout Substring) -> Int64? {
        let whole = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(whole.count)
        var fraction: Substring = ""
        if rest.first == "." {
            rest = rest.dropFirst()
            fraction = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(fraction.count)
        }
        guard !(whole.isEmpty && fraction.isEmpty) else { return nil }
        let name = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
        rest = rest.dropFirst(name.count)
        guard let unit = units.first(where: { $0.name == name })?.nanoseconds,
            let count = whole.isEmpty ? 0 : Int64(whole)
        else { return nil }
        let (scaled, overflows) = count.multipliedReportingOverflow(by: unit)
        guard !overflows else { return nil }
        var value = scaled
        var digitUnit = unit
        for digit in fraction {
            // Beyond nanoseconds nothing counts.
            digitUnit /= 10
            value += Int64(digit.wholeNumberValue ?? 0) * digitUnit
            if value < scaled { return nil }
        }
        return value
    }

    /// As Go prints it: `15m0s`, `1h0m0s`, `1.5s`, `250ms`, `0s`.
    package var description: String {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        switch magnitude {
        case 0: return "0s"
        case ..<1000: return "\(sign)\(magnitude)ns"
        case ..<1_000_000: return sign + Self.decimal(magnitude, unit: 1000) + "µs"
        case ..<1_000_000_000: return sign + Self.decimal(magnitude, unit: 1_000_000) + "ms"
        default: break
        }
        let minute: UInt64 = 60_000_000_000
        let seconds = Self.decimal(magnitude % minute, unit: 1_000_000_000) + "s"
        let minutes = magnitude / minute
        if minutes == 0 { return sign + seconds }
        if minutes < 60 { return "\(sign)\(minutes)m\(seconds)" }
        return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
    }

    private static func decimal(_ value: UInt64, unit: UInt64) -> String {
        let whole = value / unit
        var fraction = String(value % unit)
        if fraction == "0" { return "\(whole)" }
        let width = String(unit).count - 1
        fraction = String(repeating: "0", count: width - fraction.count) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        return "\(whole).\(fraction)"
    }
}
