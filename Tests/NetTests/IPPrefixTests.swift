import Net
import Testing

@Suite struct IPPrefixTests {
    @Test(arguments: ["10.244.0.0/16", "0.0.0.0/0", "10.0.0.1/32", "fd00::/48", "::/0", "::1/128"])
    func readsWhatItWrites(text: String) throws { #expect(try IPPrefix(text).description == text) }

    @Test(arguments: [
        "10.244.0.0", "10.244.0.0/", "10.244.0.0/33", "10.244.0.1/16", "fd00::/129", "/16", "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
    ])
    func refuses(text: String) { #expect(throws: AddressParseError.self) { try IPPrefix(text) } }

    @Test func namesTheNetworkThatWasMeant() {
        #expect(
            throws: AddressParseError("10.1.0.0/8", expected: "a network in CIDR notation (did you mean 10.0.0.0/8?)")
        ) { try IPPrefix("10.1.0.0/8") }
    }

    @Test func bounds() throws {
        let network = try IPPrefix("10.244.0.0/16")
        #expect(network.lastAddress == (try IPAddress("10.244.255.255")))
        #expect(network.contains(try IPAddress("10.244.255.255")))
        #expect(!network.contains(try IPAddress("10.245.0.0")))
        #expect(!network.contains(try IPAddress("::ffff:10.244.0.1")))
        #expect(try IPPrefix("::/0").lastAddress == IPAddress("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))
        #expect(network.overlaps(try IPPrefix("10.244.7.0/24")))
        #expect(try IPPrefix("10.0.0.0/8").overlaps(network))
        #expect(!network.overlaps(try IPPrefix("10.245.0.0/16")))
    }
}
