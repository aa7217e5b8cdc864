import APIMachinery
import KubeAPI

/// Which of a schedule's times a CronJob has not met yet (pkg/controller/cronjob/utils.go).
struct CronPlan {
    /// A schedule that never comes, or comes too often.
    struct Unreasonable: Error {
        let cause = "time difference between two schedules is less than 1 second"
    }

    /// The clocks of others may differ: so much later than the time is the CronJob looked at.
    private static let margin = Duration.milliseconds(100)
    /// More times that were missed are worth a warning.
    private static let manyMissed = 100

    private let schedule: CronSchedule
    private let zone: TimeZoneRules
    /// The last time that was met; else when the CronJob was made.
    private let last: Timestamp
    private let deadline: Duration?
    private let now: Timestamp

    /// - Parameter zone: that of a schedule which names none itself.
    init(_ cronJob: Unstructured, _ schedule: CronSchedule, in zone: TimeZoneRules, now: Timestamp) {
        self.schedule = schedule
        self.zone = zone
        self.now = now
        last = cronJob.tree.time(at: "status", "lastScheduleTime") ?? cronJob.creationTimestamp ?? now
        deadline = cronJob.tree.int(at: "spec", "startingDeadlineSeconds").map { .seconds($0) }
    }

    /// The latest time that has come and was not met, and whether many were not; nil where there is none.
    func due() throws(Unreasonable) -> (time: Timestamp, hasMissedMany: Bool)? {
        let earliest = deadline.map { max(last, now + (.zero - $0)) } ?? last
        let recent = try mostRecent(since: earliest)
        return recent.time.map { ($0, recent.missed > Self.manyMissed) }
    }

    /// After what time the CronJob is to be looked at again; nil for never.
    func nextCheck() -> Duration? {
        var base = now
        if let recent = try? mostRecent(since: last) { base = recent.time ?? (recent.missed == 0 ? last : now) }
        return schedule.next(after: base, in: zone).map { max(.zero, $0 - now) + Self.margin }
    }

    /// How late a time may be met.
    func isTooLate(_ time: Timestamp) -> Bool { deadline.map { time + $0 < now } ?? false }

    private func mostRecent(since earliest: Timestamp) throws(Unreasonable) -> (time: Timestamp?, missed: Int) {
        guard let first = schedule.next(after: earliest, in: zone) else { throw Unreasonable() }
        if now < first { return (nil, 0) }
        guard let second = schedule.next(after: first, in: zone) else { return (first, 0) }
        if now < second { return (first, 0) }
        let interval = second.secondsSinceEpoch - first.secondsSinceEpoch
        if interval < 1 { throw Unreasonable() }
        // Roughly, where the times are not regular: the search begins two intervals before now.
        let missed = (now - first).components.seconds / interval + 1
        var time: Timestamp?
        var next = schedule.next(after: first + .seconds((missed - 2) * interval), in: zone)
        while let candidate = next, candidate <= now {
            time = candidate
            next = schedule.next(after: candidate, in: zone)
        }
        return (time, Int(clamping: missed))
    }
}
