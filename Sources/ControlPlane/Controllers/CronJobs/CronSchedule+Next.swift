import APIMachinery
import KubeAPI

extension CronSchedule {
    /// After so many years without any time there is none: 30 February.
    private static let yearLimit: Int64 = 5

    /// The first time after another one, with whole seconds; nil where there is none.
    ///
    /// An hour that the clocks skip has no times, one that they repeat has them twice, as upstream.
    func next(after time: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
        let second = time.wholeSeconds.secondsSinceEpoch
        switch form {
        case .every(let seconds): return Timestamp(secondsSinceEpoch: second + seconds)
        case .times(let times): return Self.next(times, after: second, in: zone)
        }
    }

    private static func next(_ times: Times, after start: Int64, in zone: TimeZoneRules) -> Timestamp? {
        // Offsets of today are whole minutes, so that a minute begins at the same time everywhere.
        var time = (start.flooredQuotient(by: 60) + 1) * 60
        let lastYear = LocalTime(time, in: zone).year + yearLimit
        while true {
            let local = LocalTime(time, in: zone)
            if local.year > lastYear { return nil }
            if !times.months.contains(local.month) || !times.allowsDay(of: local) {
                time = local.nextDay(after: time, in: zone)
            } else if !times.hours.contains(local.secondOfDay / 3600) {
                time += 3600 - local.secondOfDay % 3600
            } else if !times.minutes.contains(local.secondOfDay / 60 % 60) {
                time += 60
            } else {
                return Timestamp(secondsSinceEpoch: time)
            }
        }
    }
}

extension CronSchedule.Times {
    /// Where both fields for days say something, either will do.
    fileprivate func allowsDay(of time: LocalTime) -> Bool {
        let (inMonth, inWeek) = (days.contains(time.day), weekdays.contains(time.weekday))
        return days.isStar || weekdays.isStar ? inMonth && inWeek : inMonth || inWeek
    }
}

/// What calendar and clock show at a time.
private struct LocalTime {
    let year, month, day: Int64
    /// 0 for Sunday.
    let weekday: Int64
    let secondOfDay: Int64
    private let dayNumber: Int64

    init(_ time: Int64, in zone: TimeZoneRules) {
        let shown = time + zone.offsetSeconds(at: time)
        dayNumber = shown.flooredQuotient(by: 86_400)
        secondOfDay = shown - dayNumber * 86_400
        (year, month, day) = Timestamp.date(ofDay: dayNumber)
        // 1 January 1970 was a Thursday.
        weekday = ((dayNumber + 4) % 7 + 7) % 7
    }

    /// The first time of the next day, or a later one of this day where the clocks are set back on it.
    func nextDay(after time: Int64, in zone: TimeZoneRules) -> Int64 {
        let next = time + 86_400 - secondOfDay
        let shown = LocalTime(next, in: zone)
        guard shown.dayNumber > dayNumber, shown.secondOfDay > 0 else { return next }
        // The clocks were set forward: the day may have begun before.
        let begin = next - shown.secondOfDay
        return begin > time && LocalTime(begin, in: zone).dayNumber == shown.dayNumber ? begin : next
    }
}

extension Timestamp {
    init(secondsSinceEpoch: Int64) { self.init(microsecondsSinceEpoch: secondsSinceEpoch * 1_000_000) }

    /// Of a time before 1970 that has a fraction, the second after it.
    var secondsSinceEpoch: Int64 { microsecondsSinceEpoch / 1_000_000 }
}

extension Int64 {
    /// The quotient, rounded down.
    func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
