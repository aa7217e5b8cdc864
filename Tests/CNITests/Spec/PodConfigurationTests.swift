import CNI
import Net
import Testing

@Suite struct PodConfigurationTests {
    private func bridge(_ pod: PodConfiguration) throws -> BridgeConfiguration {
        guard case .bridge(let bridge)? = pod.wiring?.mode else { throw CNIError(.badConfiguration, "no bridge") }
        return bridge
    }

    @Test func everyMemberOfTheReferenceBridgeIsRead() throws {
        let members = #"""
            "type": "bridge", "bridge": "br7", "isGateway": true, "isDefaultGateway": true, "forceAddress": true, "ipMasq": true,
            "ipMasqBackend": "nftables", "mtu": 1400, "hairpinMode": true, "vlan": 7, "preserveDefaultVlan": true,
            "vlanTrunk": [{"minID": 10, "maxID": 12}, {"id": 40}, {"minID": 5, "maxID": 5, "id": 6}], "macspoofchk": true,
            "enabledad": true, "portIsolation": true, "dns": {"nameservers": ["10.96.0.10"]}, "unknown": {"x": 1},
            "ipam": {"type": "host-local", "subnet": "10.1.0.0/24"}
            """#
        let pod = try Calls.pod(members, program: "bridge")
        let bridge = try bridge(pod)
        #expect(bridge.name == "br7")
        #expect(bridge.isGateway && bridge.isDefaultGateway && bridge.replacesAddress && bridge.hairpin)
        #expect(bridge.vlan == 7 && bridge.keepsDefaultVLAN && bridge.checksSourceMAC && bridge.isolatesPorts)
        #expect(bridge.trunk.map(\.first) == [10, 40, 5, 6])
        #expect(bridge.trunk.map(\.last) == [12, 40, 5, 6])
        #expect(!bridge.isPromiscuous && !bridge.leavesInterfaceDown)
        #expect(pod.wiring?.mtu == 1400)
        #expect(pod.wiring?.detectsDuplicateAddresses == true)
        #expect(pod.masquerades)
        #expect(pod.dns.nameservers == ["10.96.0.10"])
    }

    @Test func theReferenceBridgeHasItsOwnDefaults() throws {
        let pod = try Calls.pod(#""type": "bridge""#, program: "bridge")
        let bridge = try bridge(pod)
        var expected = BridgeConfiguration()
        expected.keepsDefaultVLAN = false
        #expect(bridge == expected)
        #expect(bridge.name == "cni0")
        #expect(pod.addressSource == nil)
        #expect(!pod.masquerades)
        #expect(pod.wiring?.mtu == nil)
    }

    @Test func aDefaultGatewayIsAGateway() throws {
        #expect(try bridge(try Calls.pod(#""isDefaultGateway": true"#, program: "bridge")).isGateway)
    }

    @Test(arguments: [
        (#""mode": "bridge""#, "bridge", 7, "hairpinMode"), (#""mode": "routed""#, "fairlead-cni", 7, "mode"),
    ])
    func modesAreChecked(members: String, program: String, code: Int, name: String) throws {
        let error = Calls.error(members + #", "hairpinMode": true, "promiscMode": true"#, program: program)
        #expect(error?.code.rawValue == code)
        #expect(error?.message.hasPrefix("\(name):") == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("bridge", #""vlan": 4095"#, "vlan"), ("bridge", #""vlan": -1"#, "vlan"), ("bridge", #""mtu": -5"#, "mtu"),
        ("bridge", #""isGateway": "yes""#, "isGateway"), ("bridge", #""vlanTrunk": [{"minID": 3}]"#, "vlanTrunk[0]"),
        ("bridge", #""vlanTrunk": [{"minID": 3, "maxID": 2}]"#, "vlanTrunk[0]"),
        ("bridge", #""vlanTrunk": [{"id": 0}]"#, "vlanTrunk[0].id"), ("bridge", #""vlanTrunk": {}"#, "vlanTrunk"),
        (
            "bridge", #""disableContainerInterface": true, "ipam": {"subnet": "10.1.0.0/24"}"#,
            "disableContainerInterface"
        ),
        ("bridge", #""runtimeConfig": {"mac": "x"}"#, "runtimeConfig.mac"), ("ptp", "", "ipam"),
        ("bridge", #""ipam": {"type": "../x"}"#, "ipam.type"), ("bridge", #""dns": {"search": "a"}"#, "dns.search"),
        ("portmap", #""markMasqBit": 32"#, "markMasqBit"),
        (
            "portmap", #""runtimeConfig": {"portMappings": [{"hostPort": 80}]}"#,
            "runtimeConfig.portMappings[0].containerPort"
        ),
        (
            "portmap", #""runtimeConfig": {"portMappings": [{"hostPort": 80, "containerPort": 80, "protocol": "x"}]}"#,
            "runtimeConfig.portMappings[0].protocol"
        ),
        (
            "portmap", #""runtimeConfig": {"portMappings": [{"hostPort": 65536, "containerPort": 80}]}"#,
            "runtimeConfig.portMappings[0].hostPort"
        ),
        ("bandwidth", #""ingressRate": 8"#, "ingressRate"), ("bandwidth", #""egressBurst": 8"#, "egressRate"),
        ("bandwidth", #""egressRate": 8, "egressBurst": 34359738361"#, "egressBurst"),
        ("tuning", #""sysctl": {"kernel.panic": "1"}"#, "sysctl.kernel.panic"),
        ("tuning", #""sysctl": {"net/../kernel/panic": "1"}"#, "sysctl.net/../kernel/panic"),
        ("tuning", #""sysctl": {"net.ipv4.ip_forward": 1}"#, "sysctl.net.ipv4.ip_forward"),
        (
            "tuning", #""sysctl": {"net.ipv4.ip_forward": "1", "net/ipv4/ip_forward": "0"}"#,
            "sysctl.net/ipv4/ip_forward"
        ),
    ])
    func whatIsNotValidIsNamed(program: String, members: String, name: String) throws {
        let error = Calls.error(members, program: program)
        #expect(error?.code == .badConfiguration)
        #expect(error?.message.hasPrefix("\(name):") == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("bridge", #""ipMasqBackend": "iptables""#, "ipMasqBackend: \"iptables\""),
        ("portmap", #""backend": "iptables""#, "backend: \"iptables\""),
        ("portmap", #""conditionsV4": ["-s", "1.2.3.4"]"#, #"conditionsV4: ["-s","1.2.3.4"]"#),
        ("portmap", #""conditionsV6": ["ip6", "saddr"]"#, "conditionsV6:"),
        ("portmap", #""externalSetMarkChain": "MARK""#, "externalSetMarkChain: \"MARK\""),
        ("tuning", #""dataDir": "/x""#, "dataDir: \"/x\""),
        (
            "fairlead-cni", #""mode": "ptp", "ipam": {"subnet": "10.1.0.0/24"}, "hairpinMode": true"#,
            "hairpinMode: true"
        ),
        ("fairlead-cni", #""vlan": 3"#, "vlan: 3"),
    ])
    func whatIsNotSupportedIsNamedWithItsValue(program: String, members: String, text: String) throws {
        let error = Calls.error(members, program: program)
        #expect(error?.code == .unsupportedField)
        #expect(error?.message.contains(text) == true, "\(String(describing: error))")
    }

    @Test func withoutModeItIsABridgeOrGoesOn() throws {
        #expect(try bridge(try Calls.pod(#""ipam": {"subnet": "10.1.0.0/24"}"#)).name == "cni0")
        #expect(try bridge(try Calls.pod(#""bridge": "br1", "ipam": {}"#)).name == "br1")
        for members in ["", #""prevResult": {"ips": [{"address": "10.1.0.2/24"}]}"#] {
            let pod = try Calls.pod(members)
            #expect(pod.wiring == nil)
            #expect(pod.addressSource == nil)
        }
        #expect(try Calls.pod(#""mode": "ptp", "ipam": {"subnet": "10.1.0.0/24"}"#).wiring?.mode == .ptp)
    }

    @Test func theNearestMACAddressCounts() throws {
        func address(_ members: String, _ arguments: String = "") throws -> String? {
            try Calls.pod(#""mode": "bridge", "ipam": {}, \#(members)"#, arguments: arguments).wiring?.macAddress?
                .description
        }
        let own = #""mac": "02:00:00:00:00:01""#
        let inArguments = #""args": {"cni": {"mac": "02:00:00:00:00:03"}}"#
        #expect(try address(own) == "02:00:00:00:00:01")
        #expect(try address(own, "MAC=02:00:00:00:00:02") == "02:00:00:00:00:02")
        #expect(try address("\(own), \(inArguments)", "MAC=02:00:00:00:00:02") == "02:00:00:00:00:03")
        #expect(
            try address(#"\#(own), \#(inArguments), "runtimeConfig": {"mac": "02:00:00:00:00:04"}"#)
                == "02:00:00:00:00:04")
    }

    @Test func containerdsSpellingIsRead() throws {
        for captured in [CapturedCall.containerd16Add, .containerd21Add] {
            let call = try PluginCall(
                try PluginEnvironment(captured.environment), input: Array(captured.input.utf8),
                program: "x/fairlead-cni")
            let pod = try PodConfiguration(call)
            #expect(
                pod.hostPorts.ports == [
                    HostPort(.tcp, hostPort: 8090, containerPort: 80),
                    HostPort(.udp, hostAddress: IPAddress(v4: 0x7F00_0001), hostPort: 8053, containerPort: 53),
                ])
            #expect(
                pod.bandwidth
                    == BandwidthLimits(
                        ingressBitsPerSecond: 10_000_000, ingressBurstBits: 4_294_967_295,
                        egressBitsPerSecond: 20_000_000,
                        egressBurstBits: 4_294_967_295))
            #expect(
                pod.dns
                    == DNSSettings(
                        nameservers: ["10.96.0.10"], search: ["demo.svc.cluster.local"], options: ["ndots:5"]))
        }
    }

    @Test func portsWithoutAHostPortAreDroppedAndDoublesAreOne() throws {
        let pod = try Calls.pod(
            #"""
            "runtimeConfig": {"portMappings": [{"containerPort": 80}, {"hostPort": 0, "containerPort": 80},
            {"hostPort": 81, "containerPort": 80, "protocol": "SCTP", "hostIP": "::ffff:10.0.0.1"},
            {"hostPort": 81, "containerPort": 80, "protocol": "sctp", "hostIP": "10.0.0.1"}]}
            """#, program: "portmap")
        let address = try IPAddress("10.0.0.1")
        #expect(pod.hostPorts.ports == [HostPort(.sctp, hostAddress: address, hostPort: 81, containerPort: 80)])
        #expect(pod.hostPorts.masqueradesLocal && !pod.hostPorts.masqueradesAll && pod.hostPorts.markBit == 13)
        let other = try Calls.pod(#""snat": false, "masqAll": true, "markMasqBit": 0"#, program: "portmap").hostPorts
        #expect(!other.masqueradesLocal && other.masqueradesAll && other.markBit == 0)
    }

    @Test func bandwidthOfTheConfigurationComesFirst() throws {
        let runtime = #""runtimeConfig": {"bandwidth": {"ingressRate": 16, "ingressBurst": 8}}"#
        #expect(try Calls.pod(runtime, program: "bandwidth").bandwidth.ingressBitsPerSecond == 16)
        let pod = try Calls.pod(#"\#(runtime), "egressRate": 24, "egressBurst": 8"#, program: "bandwidth")
        #expect(pod.bandwidth == BandwidthLimits(egressBitsPerSecond: 24, egressBurstBits: 8))
    }

    @Test func tuningIsRead() throws {
        let pod = try Calls.pod(
            #"""
            "sysctl": {"net.ipv4.conf.IFNAME.arp_filter": "1", "net/core/somaxconn": "500"}, "mac": "02:00:00:00:00:01",
            "mtu": 1300, "promisc": true, "allmulti": false, "txQLen": 0,
            "args": {"cni": {"sysctl": {"net.core.somaxconn": "600"}, "mtu": 1200}}
            """#, program: "tuning")
        #expect(pod.tuning.sysctls.map(\.name) == ["net/ipv4/conf/eth0/arp_filter", "net/core/somaxconn"])
        #expect(pod.tuning.sysctls.map(\.value) == ["1", "600"])
        #expect(pod.tuning.macAddress == (try MACAddress("02:00:00:00:00:01")))
        #expect(pod.tuning.mtu == 1200)
        #expect(pod.tuning.isPromiscuous == true)
        #expect(pod.tuning.receivesAllMulticast == false)
        #expect(pod.tuning.transmitQueueLength == 0)
        let wired = try Calls.pod(#""mode": "bridge", "ipam": {}, "mtu": 1300, "mac": "02:00:00:00:00:01""#)
        #expect(wired.tuning.isEmpty)
        #expect(wired.wiring?.mtu == 1300)
        let asked = try Calls.pod(#""mode": "bridge", "ipam": {}, "mtu": 1300, "args": {"cni": {"mtu": 1200}}"#)
        #expect(asked.wiring?.mtu == 1200)
    }

    @Test func aReferencePluginReadsItsOwnMembersOnly() throws {
        let members = #"""
            "mode": "ptp", "txQLen": 5, "ingressRate": 8, "ingressBurst": 8, "ipMasq": true,
            "runtimeConfig": {"portMappings": [{"hostPort": 81, "containerPort": 80}]}
            """#
        let pod = try Calls.pod(members, program: "bridge")
        #expect(pod.tuning.isEmpty && pod.bandwidth.isUnlimited && pod.hostPorts.ports.isEmpty && pod.masquerades)
        _ = try bridge(pod)
        let portmap = try Calls.pod(members, program: "portmap")
        #expect(portmap.hostPorts.ports.count == 1)
        #expect(!portmap.masquerades && portmap.wiring == nil && portmap.addressSource == nil)
    }

    @Test func theProgramsNameCountsMoreThanTheType() throws {
        #expect(PluginKind(program: "/opt/cni/bin/host-local", type: "bridge") == .hostLocal)
        #expect(PluginKind(program: "/opt/cni/bin/fairlead-cni", type: "portmap") == .portmap)
        #expect(PluginKind(program: "loopback", type: nil) == .loopback)
        #expect(PluginKind(program: "my-network", type: "my-network") == .fairlead)
    }
}
