import Testing

@testable import KubeProxyConfig

@Suite("Go's durations")
struct GoDurationTests {
    @Test(
        "are read and printed as Go does",
        arguments: [
            ("0s", 0, "0s"), ("0", 0, "0s"), ("15m0s", 900_000_000_000, "15m0s"), ("1h", 3_600_000_000_000, "1h0m0s"),
            ("250ms", 250_000_000, "250ms"), ("1.5h", 5_400_000_000_000, "1h30m0s"), ("-1.5s", -1_500_000_000, "-1.5s"),
            ("+5s", 5_000_000_000, "5s"), (".5s", 500_000_000, "500ms"), ("1.s", 1_000_000_000, "1s"),
            ("3us", 3000, "3µs"), ("3µs", 3000, "3µs"), ("1ns", 1, "1ns"),
            ("2h45m0.25s", 9_900_250_000_000, "2h45m0.25s"),
            ("1500ms", 1_500_000_000, "1.5s"), ("0.0000000001s", 0, "0s"), ("100h", 360_000_000_000_000, "100h0m0s"),
            ("1.001ms", 1_001_000, "1.001ms"),
        ])
    func texts(text: String, nanoseconds: Int64, printed: String) {
        let duration = GoDuration(text)
        #expect(duration?.nanoseconds == nanoseconds)
        #expect(duration?.description == printed)
        #expect(GoDuration(printed) == duration)
    }

    @Test(
        "are nothing else",
        arguments: ["", "5", "s", "-", "5 s", "1d", "1h ", ".", ".s", "1,5s", "99999999999h", "1e3s", "1h-1m", "+-1s"])
    func refused(text: String) { #expect(GoDuration(text) == nil) }
}
