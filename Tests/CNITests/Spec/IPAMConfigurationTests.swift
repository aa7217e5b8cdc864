import CNI
import Net
import Testing

@Suite struct IPAMConfigurationTests {
    private func ipam(
        _ ipam: String, _ members: String = "", program: String = "fairlead-cni", arguments: String = ""
    ) throws -> IPAMConfiguration {
        let rest = members.isEmpty ? "" : ", \(members)"
        let pod = try Calls.pod(#""mode": "bridge", "ipam": \#(ipam)\#(rest)"#, program: program, arguments: arguments)
        guard case .store(let configuration)? = pod.addressSource else {
            throw CNIError(.badConfiguration, "no store: \(String(describing: pod.addressSource))")
        }
        return configuration
    }

    @Test func everyMemberOfHostLocalIsRead() throws {
        let configuration = try ipam(
            #"""
            {"type": "host-local", "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.10", "rangeEnd": "10.1.0.20",
             "gateway": "10.1.0.254", "ranges": [[{"subnet": "fd00::/64"}, {"subnet": "fd01::/64"}]],
             "routes": [{"dst": "0.0.0.0/0"}, {"dst": "10.9.0.0/16", "gw": "10.1.0.3", "mtu": 1300, "advmss": 1200, "priority": 5,
             "table": 7, "scope": 253}], "dataDir": "/x", "resolvConf": "/etc/resolv.conf", "cooldownSeconds": 5}
            """#,
            #""runtimeConfig": {"ipRanges": [[{"subnet": "10.2.0.0/24"}]], "ips": ["10.1.0.11/24"]}"#)
        #expect(
            configuration.ranges.map { $0.map(\.subnet.description) } == [
                ["10.2.0.0/24"], ["10.1.0.0/24"], ["fd00::/64", "fd01::/64"],
            ])
        let range = configuration.ranges[1][0]
        #expect(range.first?.description == "10.1.0.10" && range.last?.description == "10.1.0.20")
        #expect(range.gateway?.description == "10.1.0.254")
        #expect(configuration.routes.count == 2)
        let route = configuration.routes[1]
        #expect(route.mtu == 1300 && route.advertisedMSS == 1200 && route.priority == 5)
        #expect(route.table == 7 && route.scope == 253 && route.gateway?.description == "10.1.0.3")
        #expect(configuration.dataDirectory == "/x" && configuration.cooldownSeconds == 5)
        #expect(configuration.resolvConf == "/etc/resolv.conf")
        #expect(configuration.requestedAddresses.map(\.description) == ["10.1.0.11"])
    }

    @Test func typesSayWhoGivesAddresses() throws {
        for type in ["host-local", "fairlead"] {
            #expect(try ipam(#"{"type": "\#(type)", "subnet": "10.1.0.0/24"}"#).ranges.count == 1)
        }
        let own = try ipam(#"{"subnet": "10.1.0.0/24"}"#)
        #expect(own.ranges.count == 1 && own.cooldownSeconds == 60 && own.dataDirectory == "/var/lib/cni/fairlead")
        #expect(try Calls.pod(#""mode": "bridge", "ipam": {}"#).addressSource == nil)
        #expect(try Calls.pod(#""ipam": {"type": "dhcp"}"#, program: "bridge").addressSource == .plugin("dhcp"))
        #expect(try Calls.pod("", program: "bridge").addressSource == nil)
    }

    @Test func addressesThatAreAskedFor() throws {
        let ranges = #"{"subnet": "10.1.0.0/24"}"#
        func requested(_ members: String, _ arguments: String) throws -> [String] {
            try ipam(ranges, members, arguments: arguments).requestedAddresses.map(\.description)
        }
        #expect(try requested("", "IP=10.1.0.5/24") == ["10.1.0.5"])
        // CNI_ARGS give way to `args`, as the conventions have it.
        #expect(try requested(#""args": {"cni": {"ips": ["10.1.0.6", "10.1.0.6/24"]}}"#, "IP=10.1.0.5") == ["10.1.0.6"])
        #expect(
            try requested(#""args": {"cni": {"ips": ["10.1.0.6"]}}, "runtimeConfig": {"ips": ["10.1.0.7"]}"#, "")
                == ["10.1.0.6", "10.1.0.7"])
    }

    @Test func aGatewayThatIsAskedForIsThatOfItsRange() throws {
        let configuration = try ipam(
            #"{"ranges": [[{"subnet": "10.1.0.0/24", "gateway": "10.1.0.1"}], [{"subnet": "fd00::/64"}]]}"#,
            arguments: "GATEWAY=10.1.0.9")
        #expect(configuration.ranges[0][0].gateway?.description == "10.1.0.9")
        #expect(configuration.ranges[1][0].gateway == nil)
        let error = #expect(throws: CNIError.self) {
            try ipam(#"{"subnet": "10.1.0.0/24"}"#, arguments: "GATEWAY=10.2.0.1")
        }
        #expect(error?.message.contains("GATEWAY=10.2.0.1") == true)
    }

    @Test(arguments: [
        (#"{"type": "host-local", "ranges": [[{}]]}"#, "ipam.ranges[0][0].subnet"),
        (#"{"subnet": "10.1.0.1/24"}"#, "ipam.subnet"), (#"{"subnet": "10.1.0.0/31"}"#, "ipam.subnet"),
        (#"{"subnet": "fd00::/127"}"#, "ipam.subnet"), (#"{"subnet": "10.1.0.0"}"#, "ipam.subnet"),
        (#"{"subnet": "10.1.0.0/24", "rangeStart": "10.2.0.1"}"#, "ipam.rangeStart"),
        (#"{"subnet": "10.1.0.0/24", "rangeEnd": "fd00::1"}"#, "ipam.rangeEnd"),
        (#"{"subnet": "10.1.0.0/24", "rangeStart": "10.1.0.9", "rangeEnd": "10.1.0.8"}"#, "ipam.rangeEnd"),
        (#"{"subnet": "10.1.0.0/24", "gateway": "fd00::1"}"#, "ipam.gateway"), (#"{"ranges": [[]]}"#, "range set 0"),
        (#"{"ranges": [[{"subnet": "10.1.0.0/24"}, {"subnet": "fd00::/64"}]]}"#, "range set 0"),
        (#"{"ranges": [[{"subnet": "10.1.0.0/24"}], [{"subnet": "10.1.0.0/16"}]]}"#, "overlap"),
        (#"{"subnet": "10.1.0.0/24", "routes": [{"dst": "x"}]}"#, "ipam.routes[0].dst"),
        (#"{"subnet": "10.1.0.0/24", "routes": [{"dst": "::/0", "gw": "10.1.0.1"}]}"#, "ipam.routes[0].gw"),
        (#"{"subnet": "10.1.0.0/24", "cooldownSeconds": -1}"#, "ipam.cooldownSeconds"),
        (#"[]"#, "ipam"),
    ])
    func whatIsNotValidIsNamed(members: String, name: String) throws {
        let error = #expect(throws: CNIError.self) { try ipam(members) }
        #expect(error?.code == .badConfiguration)
        #expect(error?.message.contains(name) == true, "\(String(describing: error))")
    }

    @Test func rangesOfOneNetworkMayBeApart() throws {
        let configuration = try ipam(
            #"""
            {"ranges": [[{"subnet": "10.1.0.0/24", "rangeEnd": "10.1.0.99"}, {"subnet": "10.1.0.0/24", "rangeStart": "10.1.0.200"}]]}
            """#)
        #expect(configuration.ranges[0].count == 2)
    }

    @Test func theNodesNetworksComeFromItsFile() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/pod-cidrs"
        let member = #"{"type": "fairlead", "podCIDRFile": "\#(path)"}"#
        let absent = #expect(throws: CNIError.self) { try ipam(member) }
        #expect(absent?.code == .tryAgainLater)
        try directory.write("pod-cidrs", "# of node-1\n\n 10.244.1.0/24 # first\nfd00:10:244:1::/64\n10.245.1.0/24\n")
        #expect(
            try ipam(member).ranges.map { $0.map(\.subnet.description) } == [
                ["10.244.1.0/24", "10.245.1.0/24"], ["fd00:10:244:1::/64"],
            ])
        try directory.write("pod-cidrs", "\n# nothing yet\n")
        #expect(#expect(throws: CNIError.self) { try ipam(member) }?.code == .tryAgainLater)
        try directory.write("pod-cidrs", "10.244.1.0/24\n10.244.1.7/24\n")
        let wrong = #expect(throws: CNIError.self) { try ipam(member) }
        #expect(wrong?.message.contains("pod-cidrs, line 2:") == true)
        #expect(try ipam(#"{"podCIDRFile": "\#(path)", "subnet": "10.1.0.0/24"}"#).ranges.count == 1)
    }
}
