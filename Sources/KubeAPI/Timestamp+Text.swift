extension Timestamp {
    /// `2006-01-02T15:04:05Z`.
    package var text: String { "\(dateAndTime.text)Z" }

    /// `2006-01-02T15:04:05.000000Z`.
    package var microsecondText: String {
        let (text, microsecond) = dateAndTime
        return "\(text).\(Self.padded(microsecond, to: 6))Z"
    }

    private var dateAndTime: (text: String, microsecond: Int64) {
        let (seconds, microsecond) = microsecondsSinceEpoch.quotientAndRemainderFloored(by: 1_000_000)
        let (day, second) = seconds.quotientAndRemainderFloored(by: 86_400)
        let date = Self.date(ofDay: day)
        let time = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, to: 2) }
        return (
            "\(Self.padded(date.year, to: 4))-\(Self.padded(date.month, to: 2))-\(Self.padded(date.day, to: 2))"
                + "T\(time.joined(separator: ":"))",
            microsecond
        )
    }

    private static func padded(_ number: Int64, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Reads RFC 3339 text of the years 0 to 9999, any offset, fractions cut to the microsecond. nil for anything else.
    package init?(_ text: String) {
        var reader = DigitReader(rest: text.utf8[...])
        guard let year = reader.number(width: 4), reader.skip("-"), let month = reader.number(width: 2),
            reader.skip("-"), let day = reader.number(width: 2), reader.skip("T") || reader.skip("t"),
            let hour = reader.number(width: 2), reader.skip(":"), let minute = reader.number(width: 2),
            reader.skip(":"), let second = reader.number(width: 2),
            (1...12).contains(month), (1...Self.length(ofMonth: month, year: year)).contains(day),
            hour < 24, minute < 60, second < 60,
            let microsecond = reader.fraction(), let offset = reader.offsetSeconds(), reader.rest.isEmpty
        else { return nil }
        let seconds = Self.day(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
        microsecondsSinceEpoch = (seconds - offset) * 1_000_000 + microsecond
    }

    /// The number of days of a month.
    package static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar. The year is taken to start in March, so that the leap
    /// day is its last, and eras of 400 years (146,097 days) repeat.
    package static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = marchYear.quotientAndRemainderFloored(by: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The inverse of `day(year:month:day:)`.
    package static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (day + 719_468).quotientAndRemainderFloored(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1
        )
    }
}

/// Takes the parts of RFC 3339 text from its front.
private struct DigitReader {
    var rest: Substring.UTF8View

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, Unicode.Scalar(first) == character else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digit() -> Int64? {
        guard let first = rest.first, first >= 0x30, first <= 0x39 else { return nil }
        rest.removeFirst()
        return Int64(first - 0x30)
    }

    mutating func number(width: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<width {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// Microseconds; 0 where there is no fraction, nil where a point has no digit after it.
    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        guard var microsecond = digit() else { return nil }
        var places = 1
        while let digit = digit() {
            if places < 6 {
                microsecond = microsecond * 10 + digit
                places += 1
            }
        }
        while places < 6 {
            microsecond *= 10
            places += 1
        }
        return microsecond
    }

    mutating func offsetSeconds() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int64 = skip("-") ? -1 : 1
        guard sign == -1 || skip("+"), let hours = number(width: 2), skip(":"), let minutes = number(width: 2),
            hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
