import APIMachinery
import FoundationEssentials
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct CronScheduleTests {
    private func next(_ schedule: String, after time: String, count: Int = 1, in zone: TimeZoneRules = .utc) throws
        -> [String]
    {
        let schedule = try CronSchedule(schedule)
        var times: [String] = []
        var time = try #require(Timestamp(time))
        while times.count < count, let next = schedule.next(after: time, in: zone) {
            times.append(next.text)
            time = next
        }
        return times
    }

    @Test(arguments: [
        ("* * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"),
        ("* * * * *", "2026-01-01T00:00:59Z", "2026-01-01T00:01:00Z"),
        ("30 4 * * *", "2026-01-01T04:30:00Z", "2026-01-02T04:30:00Z"),
        ("*/15 * * * *", "2026-01-01T10:46:00Z", "2026-01-01T11:00:00Z"),
        ("5-20/5 * * * *", "2026-01-01T10:11:00Z", "2026-01-01T10:15:00Z"),
        ("50/5 * * * *", "2026-01-01T10:11:00Z", "2026-01-01T10:50:00Z"),
        ("0 9 * * mon-FRI", "2026-01-02T09:00:00Z", "2026-01-05T09:00:00Z"),
        ("0 0 1 jan,Jul *", "2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z"),
        ("0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"),
        // Either of the two fields for days will do, unless one is a star.
        ("0 0 13 * 5", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
        ("0 0 13 * ?", "2026-01-01T00:00:00Z", "2026-01-13T00:00:00Z"),
        ("0 0 */1 * 5", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
        ("0 0 1,15 * *", "2026-01-01T00:00:00Z", "2026-01-15T00:00:00Z"),
        ("@hourly", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"),
        ("@midnight", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
        ("@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"),
        ("@monthly", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("@annually", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("@every 1h30m", "2026-01-01T00:00:10Z", "2026-01-01T01:30:10Z"),
        ("@every 10ms", "2026-01-01T00:00:10Z", "2026-01-01T00:00:11Z"),
    ])
    func theNextTime(schedule: String, after: String, next: String) throws {
        #expect(try self.next(schedule, after: after) == [next])
    }

    @Test(arguments: ["59 23 31 2 *", "0 0 30 2 *"])
    func aDayThatNeverComes(schedule: String) throws {
        #expect(try next(schedule, after: "2026-01-01T00:00:00Z").isEmpty)
    }

    @Test(arguments: [
        ("", "empty spec string"), ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
        ("@noon", "unrecognized descriptor: @noon"),
        ("@every soon", #"failed to parse duration @every soon: time: invalid duration "soon""#),
        ("@every 5", #"failed to parse duration @every 5: time: missing unit in duration "5""#),
        ("@every 5d", #"failed to parse duration @every 5d: time: unknown unit "d" in duration "5d""#),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("1-2-3 * * * *", "too many hyphens: 1-2-3"), ("*/2/3 * * * *", "too many slashes: */2/3"),
        ("x * * * *", #"failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax"#),
    ])
    func whatIsWrong(schedule: String, cause: String) {
        #expect(throws: CronFault(cause: cause)) { try CronSchedule(schedule) }
    }

    // MARK: - Time zones

    /// A file of today's kind: no transitions, all of it in the footer.
    private func zone(_ rule: String) throws -> TimeZoneRules {
        func header(types: UInt8, names: UInt8) -> [UInt8] {
            Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
                + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, types, 0, 0, 0, names]
        }
        let type: [UInt8] = [0, 0, 0, 0, 0, 0]
        let name: [UInt8] = Array("LMT".utf8) + [0]
        let bytes =
            header(types: 1, names: 4) + type + name + header(types: 1, names: 4) + type + name
            + Array("\n\(rule)\n".utf8)
        return try #require(TimeZoneRules(compiled: bytes))
    }

    @Test(arguments: [
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z", 3600),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 7200),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T00:59:59Z", 7200),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:00Z", 3600),
        // In the south the year begins in summer.
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 39_600),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z", 36_000),
        ("<+0530>-5:30", "2026-07-01T00:00:00Z", 19_800), ("EST5", "2026-07-01T00:00:00Z", -18_000),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-07-01T00:00:00Z", -3600),
        ("XYZ0ABC,J60/0,J300/0", "2028-03-01T00:00:00Z", 3600), ("XYZ0ABC,59/0,300/0", "2028-02-29T00:00:00Z", 3600),
    ])
    func whatClocksShow(rule: String, time: String, offset: Int64) throws {
        let seconds = try #require(Timestamp(time)).secondsSinceEpoch
        #expect(try zone(rule).offsetSeconds(at: seconds) == offset)
    }

    /// Spring has no half past two in Berlin, and autumn has it twice.
    @Test func hoursThatAreSkippedAndRepeated() throws {
        let berlin = try zone("CET-1CEST,M3.5.0,M10.5.0/3")
        #expect(
            try next("30 2 * * *", after: "2026-03-28T00:00:00Z", count: 2, in: berlin)
                == ["2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z"])
        #expect(
            try next("30 2 * * *", after: "2026-10-24T12:00:00Z", count: 3, in: berlin)
                == ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"])
        #expect(
            try next("0 0 * * mon", after: "2026-03-28T00:00:00Z", count: 2, in: berlin)
                == ["2026-03-29T22:00:00Z", "2026-04-05T22:00:00Z"])
        // Every day has one midnight, whatever the clocks do in it.
        let midnights = try next("@daily", after: "2026-01-01T00:00:00Z", count: 365, in: berlin)
        #expect(midnights.last == "2026-12-31T23:00:00Z")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Europe/Berlin")))
    func theFilesOfThisMachine() throws {
        let zones = TimeZoneFiles()
        let berlin = try #require(zones["Europe/Berlin"])
        func offset(_ time: String) throws -> Int64 {
            berlin.offsetSeconds(at: try #require(Timestamp(time)).secondsSinceEpoch)
        }
        #expect(try offset("2020-07-01T00:00:00Z") == 7200 && offset("2020-01-01T00:00:00Z") == 3600)
        // After the last transition of the file, and before the first.
        #expect(try offset("2060-07-01T00:00:00Z") == 7200 && offset("1880-01-01T00:00:00Z") == 3208)
        #expect(zones["Nowhere/Atall"] == nil && zones["../../etc/passwd"] == nil && zones[""] == .utc)
    }

    @Test(arguments: [[], Array("TZif".utf8), Array("TZif2".utf8) + [UInt8](repeating: 255, count: 40)])
    func whatIsNoZone(bytes: [UInt8]) {
        #expect(TimeZoneRules(compiled: bytes) == nil)
    }

    @Test func timesAsMailAndZonesHaveThem() throws {
        let time = try #require(Timestamp("2026-03-09T06:05:04Z"))
        #expect(time.mailText == "Mon, 09 Mar 2026 06:05:04 +0000")
        #expect(time.text(in: .utc) == "2026-03-09T06:05:04Z")
        #expect(time.text(in: try zone("<+0530>-5:30")) == "2026-03-09T11:35:04+05:30")
        #expect(time.text(in: try zone("NST3:30")) == "2026-03-09T02:35:04-03:30")
    }
}
