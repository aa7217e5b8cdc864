import CNI
import Testing

@Suite struct TuningAllowlistTests {
    @Test func onlyWhatALineMatchesMayBeSet() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/allowlist.conf"
        #expect(throws: Never.self) { try TuningAllowlist(path).check("net.core.somaxconn") }
        try directory.write("allowlist.conf", "\n  ^net.ipv4.conf.(IFNAME|eth[0-9]+).[a-z_]*$  \nsomaxconn\n")
        let list = try TuningAllowlist(path)
        for name in ["net.core.somaxconn", "net.ipv4.conf.IFNAME.arp_filter", "net/ipv4/conf/eth12/arp_filter"] {
            #expect(throws: Never.self) { try list.check(name) }
        }
        let error = #expect(throws: CNIError.self) { try list.check("net.ipv4.ip_forward") }
        #expect(error?.message == "sysctl.net.ipv4.ip_forward: not allowed by \(path)")
        try directory.write("allowlist.conf", "(")
        #expect(throws: CNIError.self) { try TuningAllowlist(path).check("net.core.somaxconn") }
        try directory.write("allowlist.conf", "")
        #expect(throws: CNIError.self) { try TuningAllowlist(path).check("net.core.somaxconn") }
    }
}
