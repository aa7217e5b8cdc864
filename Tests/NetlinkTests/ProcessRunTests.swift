import Glibc
import Netlink
import Testing

@Suite struct ProcessRunTests {
    private func shell(
        _ script: String, limit: Int = 1 << 20, milliseconds: Int = 60_000
    ) throws(SystemError) -> ProcessRun {
        try ProcessRun(
            path: "/bin/sh", environment: [:], input: Array("\(script)\n".utf8),
            outputLimitBytes: limit, timeoutMilliseconds: milliseconds)
    }

    @Test func whatItWritesAndHowItEndsIsKnown() throws {
        let run = try shell("printf out; exit 7")
        #expect(run == ProcessRun(end: .exited(status: 7), output: Array("out".utf8)))
        #expect(try shell("kill -KILL $$").end == .killed(signal: SIGKILL))
    }

    @Test func itHasTheInputAndNoOtherEnvironment() throws {
        let copy = try ProcessRun(
            path: "/bin/cat", environment: [:], input: Array("some input".utf8), outputLimitBytes: 100,
            timeoutMilliseconds: 60_000)
        #expect(copy == ProcessRun(end: .exited(status: 0), output: Array("some input".utf8)))
        let environment = try ProcessRun(
            path: "/usr/bin/env", environment: ["B": "2=3", "A": "1"], input: [], outputLimitBytes: 100,
            timeoutMilliseconds: 60_000)
        #expect(environment.output == Array("A=1\nB=2=3\n".utf8))
    }

    @Test func moreThanAPipeHoldsIsRead() throws {
        #expect(try shell("head -c 300000 /dev/zero").output.count == 300_000)
    }

    @Test func itIsKilledWhenItWritesTooMuchOrTakesTooLong() throws {
        let tooMuch = #expect(throws: SystemError.self) { try shell("cat /dev/zero", limit: 1000) }
        #expect(tooMuch?.errno == EFBIG)
        let tooLong = #expect(throws: SystemError.self) { try shell("exec sleep 60", milliseconds: 50) }
        #expect(tooLong?.errno == ETIME)
    }

    @Test func somebodyWhoKeepsThePipeIsNotWaitedFor() throws {
        #expect(try shell("sleep 20 & echo done").output == Array("done\n".utf8))
    }

    @Test func aProgramThatIsNotThereIsNamed() throws {
        let error = #expect(throws: SystemError.self) {
            try ProcessRun(
                path: "/nonexistent", environment: [:], input: [], outputLimitBytes: 1, timeoutMilliseconds: 1)
        }
        #expect(error?.description == "start of /nonexistent: No such file or directory (ENOENT)")
    }
}
