import Glibc
import Net
import Testing

@Suite struct IPAddressTests {
    /// What the C library makes of a text: nil, or the address's bytes.
    private static func reference(_ text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: 16)
            if unsafe inet_pton(family, text, &bytes) == 1 { return Array(bytes[..<count]) }
        }
        return nil
    }

    private static func referenceText(_ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: 64)
        _ = unsafe inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, 64)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    @Test(arguments: [
        "0.0.0.0", "10.96.0.1", "255.255.255.255", "256.0.0.1", "1.2.3", "1.2.3.4.5", "1..2.3", ".1.2.3", "1.2.3.",
        "01.2.3.4", "1.2.3.4 ", "", "a.b.c.d", "::", "::1", "1::", "fd00::1", "fd00:10:96::80", "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":1", "1:", ":::",
        "12345::", "g::", "::ffff:10.0.0.1", "::10.0.0.1", "1:2:3:4:5:6:10.0.0.1", "1:2:3:4:5:6:7:10.0.0.1",
        "::10.0.0.256", "::10.0.0.1:1", "fe80::1%eth0", "FD00::ABCD", "1:2:3:4:5:6:7:8:", "::1::", "0:0:0:0:0:0:0:0",
    ])
    func parsesAsTheCLibraryDoes(text: String) {
        #expect(IPAddress(parsing: text)?.bytes == Self.reference(text))
    }

    @Test func printsAsTheCLibraryDoesAndReadsItBack() throws {
        var texts = ["1:0:0:2:0:0:0:3", "1:0:0:2:0:0:3:4", "::ffff:1.2.3.4", "1:0:2:0:3:0:4:0", "0:1::", "::1:0"]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            // Mostly zeros, so that runs of them are met.
            let groups = (0..<8).map { _ in
                UInt16.random(in: 0...9, using: &generator) < 6
                    ? 0 : UInt16.random(in: 0...UInt16.max, using: &generator)
            }
            texts.append(groups.map { String($0, radix: 16) }.joined(separator: ":"))
        }
        for text in texts {
            let address = try IPAddress(text)
            // The C library writes IPv4-compatible addresses (::1.2.3.4) as such; RFC 5952 does not.
            if address.highBits != 0 || address.lowBits >> 32 == 0xFFFF {
                #expect(address.description == Self.referenceText(address.bytes))
            }
            #expect(IPAddress(parsing: address.description) == address)
        }
    }

    @Test func errorsNameTheText() {
        #expect(throws: AddressParseError("foo", expected: "an IP address")) { try IPAddress("foo") }
        #expect(throws: AddressParseError("::1", expected: "an IPv4 address")) { try IPAddress("::1", family: .ipv4) }
        #expect("\(AddressParseError("foo", expected: "an IPv4 address"))" == "'foo' is not an IPv4 address")
    }

    @Test(arguments: [
        ("127.0.0.1", true, false, false), ("::1", true, false, false), ("169.254.1.1", false, true, false),
        ("fe80::1", false, true, false), ("febf::1", false, true, false), ("fec0::1", false, false, false),
        ("224.0.0.1", false, false, true), ("ff02::1", false, false, true), ("10.0.0.1", false, false, false),
    ])
    func kinds(text: String, isLoopback: Bool, isLinkLocal: Bool, isMulticast: Bool) throws {
        let address = try IPAddress(text)
        #expect(address.isLoopback == isLoopback)
        #expect(address.isLinkLocal == isLinkLocal)
        #expect(address.isMulticast == isMulticast)
    }

    @Test func order() throws {
        let sorted = try ["9.0.0.1", "10.0.0.1", "::1", "fd00::1", "fd00:1::"].map { try IPAddress($0) }
        #expect(sorted.shuffled().sorted() == sorted)
    }
}
