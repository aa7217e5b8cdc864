import FoundationEssentials
import Testing

@testable import KubeAPI

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2025-03-04T05:06:07Z", 1_741_064_767_000_000),
            ("2025-03-04T05:06:07.123456Z", 1_741_064_767_123_456), ("2025-03-04T05:06:07.5z", 1_741_064_767_500_000),
            ("2025-03-04t05:06:07.1234569Z", 1_741_064_767_123_456),
            ("2025-03-04T07:06:07+02:00", 1_741_064_767_000_000),
            ("2025-03-03T23:36:07-05:30", 1_741_064_767_000_000), ("1969-12-31T23:59:59.999999Z", -1),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000_000), ("2000-02-29T00:00:00Z", 951_782_400_000_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000_000), ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ] as [(String, Int64)])
    func textIsRead(text: String, microseconds: Int64) {
        #expect(Timestamp(text)?.microsecondsSinceEpoch == microseconds)
    }

    @Test(arguments: [
        "", "2025-03-04", "2025-03-04T05:06:07", "2025-03-04 05:06:07Z", "2025-13-04T05:06:07Z", "2025-00-04T05:06:07Z",
        "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2025-04-31T00:00:00Z", "2025-03-00T05:06:07Z",
        "2025-03-04T24:06:07Z", "2025-03-04T05:60:07Z", "2025-03-04T05:06:60Z", "2025-03-04T05:06:07.Z",
        "2025-03-04T05:06:07ZZ", "2025-03-04T05:06:07+2:00", "2025-03-04T05:06:07+24:00", "02025-03-04T05:06:07Z",
        "２０２５-03-04T05:06:07Z", "-025-03-04T05:06:07Z",
    ])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func textAndTimeAgreeOnEveryDayOfFourCenturies() throws {
        for day in stride(from: Int64(-80_000), to: 80_000, by: 1) {
            let time = Timestamp(microsecondsSinceEpoch: (day * 86_400 + 3_661) * 1_000_000 + 42)
            #expect(Timestamp(time.microsecondText) == time)
            #expect(Timestamp(time.text) == time.wholeSeconds)
        }
    }

    @Test func timeIsWrittenToTheSecondAndMicroTimeToTheMicrosecond() throws {
        let time = Timestamp(microsecondsSinceEpoch: 1_741_064_767_000_042)
        #expect(try text([time]) == #"["2025-03-04T05:06:07Z"]"#)
        #expect(try text([MicroTime(time)]) == #"["2025-03-04T05:06:07.000042Z"]"#)
        #expect(try JSON.decode([MicroTime].self, from: JSON.encode([MicroTime(time)])) == [MicroTime(time)])
        #expect(Timestamp(microsecondsSinceEpoch: -1).text == "1969-12-31T23:59:59Z")
    }

    @Test func theLimitsOfTheTypeDoNotCrash() {
        #expect(Timestamp(microsecondsSinceEpoch: .max).text.hasSuffix("Z"))
        #expect(Timestamp(microsecondsSinceEpoch: .min).microsecondText.hasSuffix("Z"))
    }

    @Test func nowIsNow() {
        let distance = Double(Timestamp.now.microsecondsSinceEpoch) / 1_000_000 - Date().timeIntervalSince1970
        #expect(abs(distance) < 5)
    }
}
