extension Double {
    /// With so many decimals, rounded half away from zero.
    package func text(decimals: Int) -> String {
        guard isFinite, magnitude < 1e15 else { return "\(self)" }
        let unit = (0..<decimals).reduce(1.0) { result, _ in result * 10 }
        let rounded = Int64((magnitude * unit).rounded())
        let sign = self < 0 && rounded > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(rounded)" }
        let fraction = "\(rounded % Int64(unit))"
        return "\(sign)\(rounded / Int64(unit))." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// With three digits that count, as tables have it: 0.123, 1.23, 12.3, 123, 1,234.
    package var tableText: String {
        switch magnitude {
        case 0: "0"
        case ..<0.9995: text(decimals: 3)
        case ..<9.995: text(decimals: 2)
        case ..<99.95: text(decimals: 1)
        default: Self.grouped(text(decimals: 0))
        }
    }

    private static func grouped(_ digits: String) -> String {
        var result = ""
        for (index, digit) in digits.reversed().enumerated() {
            if index > 0, index % 3 == 0, digit.isNumber { result.append(",") }
            result.append(digit)
        }
        return String(result.reversed())
    }
}
