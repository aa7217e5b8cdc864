import KubeAPI

/// How much of a resource is asked for, to be compared: `100m`, `1Gi`, `2` (k8s.io/apimachinery api/resource `Quantity`).
struct ResourceAmount: Hashable, Sendable, Comparable {
    /// In billionths, rounded up as upstream rounds.
    private let nano: Double

    private static let suffixes: [String: Double] = [
        "": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
        "Ki": 1024, "Mi": 1_048_576, "Gi": 1_073_741_824, "Ti": 1_099_511_627_776, "Pi": 1_125_899_906_842_624,
        "Ei": 1_152_921_504_606_846_976,
    ]

    /// Nil for what is no quantity.
    init?(_ value: JSONValue) {
        switch value {
        case .integer(let number): nano = Double(number) * 1e9
        case .number(let number): nano = number * 1e9
        case .string(let text):
            let end = text.firstIndex { !($0.isNumber || ".+-".contains($0)) } ?? text.endIndex
            let suffix = String(text[end...])
            if let number = Double(text),
                suffix.isEmpty || suffix.first == "e" || suffix.first == "E" && suffix.count > 1
            {
                nano = number * 1e9
            } else if let number = Double(text[..<end]), let factor = Self.suffixes[suffix] {
                nano = (number * factor * 1e9).rounded(.up)
            } else {
                return nil
            }
        default: return nil
        }
    }

    var isPositive: Bool { nano > 0 }
    var isNegative: Bool { nano < 0 }
    var isWhole: Bool { (nano / 1e9).rounded() == nano / 1e9 }

    static func < (left: Self, right: Self) -> Bool { left.nano < right.nano }
}
