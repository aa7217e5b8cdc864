import KubeAPI

/// What the clocks of a time zone do every year, as POSIX writes it in `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct YearlyClockRule: Sendable, Equatable {
    /// A day of the year, and a time of it in seconds.
    private struct Change: Sendable, Equatable {
        enum Day: Sendable, Equatable {
            /// 1 to 365; 29 February is never counted.
            case withoutLeapDay(Int64)
            /// 0 to 365.
            case counted(Int64)
            /// The week, of which 5 is the last, the weekday, and the month.
            case weekday(Int64, week: Int64, month: Int64)
        }

        let day: Day
        let second: Int64

        /// When it is in a year, by the clocks that go until then; in seconds since 1970.
        func time(in year: Int64) -> Int64 {
            let newYear = Timestamp.day(year: year, month: 1, day: 1)
            let number: Int64
            switch day {
            case .withoutLeapDay(let day):
                let isLeap = Timestamp.length(ofMonth: 2, year: year) == 29
                number = newYear + day - (isLeap && day >= 60 ? 0 : 1)
            case .counted(let day): number = newYear + day
            case .weekday(let weekday, let week, let month):
                let first = Timestamp.day(year: year, month: month, day: 1)
                let shift = ((weekday - (first + 4) % 7) % 7 + 7) % 7
                let length = Timestamp.length(ofMonth: month, year: year)
                var day = shift + (week - 1) * 7
                if day >= length { day -= 7 }
                number = first + day
            }
            return number * 86_400 + second
        }
    }

    private let standard: Int64
    private let summer: Int64
    private let changes: (begin: Change, end: Change)?

    static func == (left: Self, right: Self) -> Bool {
        left.standard == right.standard && left.summer == right.summer && left.changes?.begin == right.changes?.begin
            && left.changes?.end == right.changes?.end
    }

    /// Nil for what is not such a text.
    init?(_ text: String) {
        var reader = Reader(rest: text.utf8[...])
        guard reader.name(), let west = reader.time() else { return nil }
        standard = -west
        guard !reader.rest.isEmpty else {
            (summer, changes) = (standard, nil)
            return
        }
        guard reader.name() else { return nil }
        let isGiven = reader.rest.first != UInt8(ascii: ",")
        guard let summer = isGiven ? reader.time().map({ -$0 }) : standard + 3600, reader.skip(","),
            let begin = reader.change(), reader.skip(","), let end = reader.change(), reader.rest.isEmpty
        else { return nil }
        self.summer = summer
        changes = (begin, end)
    }

    /// - Parameter time: in seconds since 1970.
    func offsetSeconds(at time: Int64) -> Int64 {
        guard let changes else { return standard }
        let year = Timestamp.date(ofDay: (time + standard).flooredQuotient(by: 86_400)).year
        let (begin, end) = (changes.begin.time(in: year) - standard, changes.end.time(in: year) - summer)
        let isSummer = begin < end ? begin <= time && time < end : time < end || begin <= time
        return isSummer ? summer : standard
    }

    private struct Reader {
        var rest: Substring.UTF8View

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard let first = rest.first, Unicode.Scalar(first) == character else { return false }
            rest.removeFirst()
            return true
        }

        mutating func number() -> Int64? {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...4).contains(digits.count) else { return nil }
            rest.removeFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }

        /// `CEST`, `<+0330>`.
        mutating func name() -> Bool {
            if skip("<") {
                rest = rest.drop { $0 != UInt8(ascii: ">") }
                return skip(">")
            }
            let letters = rest.prefix { (0x41...0x5a).contains($0 & 0xdf) }
            rest.removeFirst(letters.count)
            return letters.count >= 3
        }

        /// `-1`, `3:30`, in seconds.
        mutating func time() -> Int64? {
            let sign: Int64 = skip("-") ? -1 : 1
            if sign == 1 { _ = skip("+") }
            guard let hours = number() else { return nil }
            var seconds = hours * 3600
            for unit: Int64 in [60, 1] where skip(":") {
                guard let number = number() else { return nil }
                seconds += number * unit
            }
            return sign * seconds
        }

        /// `M3.5.0/2`, `J60`, `59/1:30`.
        mutating func change() -> Change? {
            guard let day = day() else { return nil }
            guard skip("/") else { return Change(day: day, second: 7200) }
            return time().map { Change(day: day, second: $0) }
        }

        private mutating func day() -> Change.Day? {
            if skip("M") {
                guard let month = number(), (1...12).contains(month), skip("."), let week = number(),
                    (1...5).contains(week), skip("."), let weekday = number(), weekday < 7
                else { return nil }
                return .weekday(weekday, week: week, month: month)
            }
            if skip("J") { return number().map { .withoutLeapDay($0) } }
            return number().map { .counted($0) }
        }
    }
}
