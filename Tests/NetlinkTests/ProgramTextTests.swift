import Testing

@testable import Netlink

@Suite("The program's code")
struct ProgramTextTests {
    @Test("is what is mapped from files to be executed")
    func ranges() {
        let maps = """
            00400000-0391c000 r-xp 00000000 fe:00 5947393                            /usr/bin/fair lead
            0391c000-03aa4000 r--p 0351b000 fe:00 5947393                            /usr/bin/fair lead
            03aa4000-06132000 rw-p 036a3000 fe:00 5947393                            /usr/bin/fair lead
            06132000-062de000 rw-p 00000000 00:00 0
            07000000-07001000 r-xp 00000000 00:00 0
            7f0000000000-7f0000002000 r-xp 00001000 fe:00 1 /usr/lib/libc.so.6
            7f0000004000-7f0000005000 rwxp 00001000 fe:00 1 /usr/lib/libc.so.6
            7ffe7d5f6000-7ffe7d5f8000 r-xp 00000000 00:00 0                          [vdso]
            nonsense
            """
        #expect(
            ProgramText.ranges(inMaps: maps) == [0x40_0000..<0x391_C000, 0x7F00_0000_0000..<0x7F00_0000_2000])
    }

    @Test("goes on to run after it was released")
    func release() {
        for _ in 0..<3 { #expect(ProgramText.release() > 1 << 16) }
    }
}
