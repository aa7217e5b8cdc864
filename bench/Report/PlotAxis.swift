/// From values to places on a line, with marks.
struct PlotAxis {
    private let low: Double
    private let high: Double
    private let isLogarithmic: Bool
    private let start: Double
    private let end: Double

    /// Over all values, of which a logarithmic one takes the positive ones alone. Nil without any.
    init?(_ values: [Double], logarithmic: Bool, from start: Double, to end: Double) {
        let values = values.filter { $0.isFinite && (!logarithmic || $0 > 0) }
        guard let least = values.min(), let most = values.max() else { return nil }
        isLogarithmic = logarithmic
        (self.start, self.end) = (start, end)
        if logarithmic {
            (low, high) = (Self.decade(below: least), max(Self.decade(above: most), Self.decade(below: least) * 10))
        } else {
            (low, high) = (min(least, 0), most > 0 ? most : 1)
        }
    }

    /// Powers of ten, by multiplication: no logarithm is at hand.
    private static func decade(below value: Double) -> Double {
        var decade = 1.0
        while decade > value { decade /= 10 }
        while decade * 10 <= value { decade *= 10 }
        return decade
    }

    private static func decade(above value: Double) -> Double {
        let below = decade(below: value)
        return below >= value ? below : below * 10
    }

    /// The logarithm to the base of ten: the decade, and what is left by halving an interval.
    private static func logarithm(_ value: Double) -> Double {
        var (exponent, rest) = (0.0, value)
        while rest >= 10 { (exponent, rest) = (exponent + 1, rest / 10) }
        while rest < 1 { (exponent, rest) = (exponent - 1, rest * 10) }
        var step = 0.5
        for _ in 0..<30 {
            rest *= rest
            if rest >= 10 { (exponent, rest) = (exponent + step, rest / 10) }
            step /= 2
        }
        return exponent
    }

    /// Nil of what has no place.
    func place(_ value: Double) -> Double? {
        guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
        let part =
            isLogarithmic
            ? (Self.logarithm(value) - Self.logarithm(low)) / (Self.logarithm(high) - Self.logarithm(low))
            : (value - low) / (high - low)
        return start + part * (end - start)
    }

    var marks: [Double] {
        guard isLogarithmic else { return (0...4).map { low + (high - low) * Double($0) / 4 } }
        var marks: [Double] = []
        var mark = low
        while mark <= high * 1.000001 {
            marks.append(mark)
            mark *= 10
        }
        return marks
    }
}
