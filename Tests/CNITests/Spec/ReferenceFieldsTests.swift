import CNI
import Net
import Testing

/// Every member that the reference plugins have in a configuration (main of 2026-04): it does something, or is refused by its name. Of
/// `loopback` there are none.
@Suite struct ReferenceFieldsTests {
    enum Fate: Sendable {
        /// The configuration means something else with it.
        case counts
        /// With this code and a message that begins with the member's name.
        case isRefused
        /// Says what is done in any case.
        case isTheOnlyWay
    }

    struct Field: Sendable, CustomTestStringConvertible {
        let plugin: String
        let name: String
        let value: String
        let fate: Fate
        /// What has to be there for it to mean anything.
        var beside = ""

        init(_ plugin: String, _ name: String, _ value: String, _ fate: Fate = .counts, beside: String = "") {
            (self.plugin, self.name, self.value, self.fate, self.beside) = (plugin, name, value, fate, beside)
        }

        var testDescription: String { "\(plugin) \(name)=\(value)" }

        /// The members of the configuration: a name with dots is that of a member in an object.
        var members: String {
            let path = name.split(separator: ".")
            var inner = "\"\(path.last ?? "")\": \(value)"
            for key in path.dropLast().reversed() { inner = "\"\(key)\": {\(inner)}" }
            return beside.isEmpty ? inner : "\(beside), \(inner)"
        }
    }

    private static let range = #""ipam": {"type": "host-local", "subnet": "10.1.0.0/24"}"#
    private static let mac = #""02:00:00:00:00:07""#

    static let bridge = [
        Field("bridge", "bridge", #""br7""#), Field("bridge", "isGateway", "true"),
        Field("bridge", "isDefaultGateway", "true"), Field("bridge", "forceAddress", "true"),
        Field("bridge", "ipMasq", "true"), Field("bridge", "ipMasqBackend", #""iptables""#, .isRefused),
        Field("bridge", "ipMasqBackend", #""nftables""#, .isTheOnlyWay), Field("bridge", "mtu", "1400"),
        Field("bridge", "hairpinMode", "true"), Field("bridge", "promiscMode", "true"), Field("bridge", "vlan", "7"),
        Field("bridge", "vlanTrunk", #"[{"minID": 3, "maxID": 5}]"#), Field("bridge", "vlanTrunk", #"[{"id": 3}]"#),
        Field("bridge", "preserveDefaultVlan", "true"), Field("bridge", "macspoofchk", "true"),
        Field("bridge", "enabledad", "true"), Field("bridge", "disableContainerInterface", "true"),
        Field("bridge", "portIsolation", "true"), Field("bridge", "ipam", #"{"subnet": "10.1.0.0/24"}"#),
        Field("bridge", "ipam", #"{"type": "dhcp"}"#), Field("bridge", "dns.nameservers", #"["192.0.2.1"]"#),
        Field("bridge", "dns.domain", #""example.org""#), Field("bridge", "dns.search", #"["example.org"]"#),
        Field("bridge", "dns.options", #"["ndots:2"]"#),
        Field("bridge", "args.cni.mac", mac), Field("bridge", "runtimeConfig.mac", mac),
    ]

    static let routed = [
        Field("ptp", "ipMasq", "true", beside: range),
        Field("ptp", "ipMasqBackend", #""iptables""#, .isRefused, beside: range),
        Field("ptp", "ipMasqBackend", #""nftables""#, .isTheOnlyWay, beside: range),
        Field("ptp", "mtu", "1400", beside: range),
        Field("ptp", "dns", #"{"domain": "example.org"}"#, beside: range),
    ]

    static let portmap = [
        Field("portmap", "backend", #""iptables""#, .isRefused),
        Field("portmap", "backend", #""nftables""#, .isTheOnlyWay), Field("portmap", "snat", "false"),
        Field("portmap", "conditionsV4", #"["-d", "192.0.2.0/24"]"#, .isRefused),
        Field("portmap", "conditionsV6", #"["-d", "2001:db8::/32"]"#, .isRefused),
        Field("portmap", "masqAll", "true"), Field("portmap", "markMasqBit", "7"),
        Field("portmap", "externalSetMarkChain", #""KUBE-MARK-MASQ""#, .isRefused),
        Field("portmap", "runtimeConfig.portMappings", #"[{"hostPort": 80, "containerPort": 8080}]"#),
        Field(
            "portmap", "runtimeConfig.portMappings", #"[{"hostPort": 80, "containerPort": 80, "protocol": "udp"}]"#),
        Field(
            "portmap", "runtimeConfig.portMappings", #"[{"hostPort": 80, "containerPort": 80, "hostIP": "192.0.2.1"}]"#),
    ]

    static let others = [
        Field("bandwidth", "ingressRate", "8000", beside: #""ingressBurst": 8000"#),
        Field("bandwidth", "egressRate", "8000", beside: #""egressBurst": 8000"#),
        Field("bandwidth", "ingressBurst", "8000", beside: #""ingressRate": 8000"#),
        Field("bandwidth", "egressBurst", "8000", beside: #""egressRate": 8000"#),
        Field("bandwidth", "runtimeConfig.bandwidth", #"{"ingressRate": 8000, "ingressBurst": 8000}"#),
        Field("tuning", "dataDir", #""/run/x""#, .isRefused),
        Field("tuning", "sysctl", #"{"net.core.somaxconn": "500"}"#), Field("tuning", "mac", mac),
        Field("tuning", "promisc", "true"), Field("tuning", "mtu", "1400"), Field("tuning", "txQLen", "500"),
        Field("tuning", "allmulti", "true"), Field("tuning", "runtimeConfig.mac", mac),
        Field("tuning", "args.cni.mac", mac), Field("tuning", "args.cni.promisc", "true"),
        Field("tuning", "args.cni.mtu", "1400"), Field("tuning", "args.cni.txQLen", "500"),
        Field("tuning", "args.cni.allmulti", "true"),
        Field("tuning", "args.cni.sysctl", #"{"net.core.somaxconn": "500"}"#),
    ]

    static let addresses = [
        Field("bridge", "ipam.subnet", #""10.1.0.0/24""#),
        Field("bridge", "ipam.ranges", #"[[{"subnet": "10.1.0.0/24"}]]"#),
        Field("bridge", "ipam.rangeStart", #""10.1.0.9""#), Field("bridge", "ipam.rangeEnd", #""10.1.0.9""#),
        Field("bridge", "ipam.gateway", #""10.1.0.9""#), Field("bridge", "ipam.routes", #"[{"dst": "192.0.2.0/24"}]"#),
        Field("bridge", "ipam.routes", #"[{"dst": "192.0.2.0/24", "gw": "10.1.0.7"}]"#),
        Field("bridge", "ipam.routes", #"[{"dst": "192.0.2.0/24", "mtu": 1400}]"#),
        Field("bridge", "ipam.routes", #"[{"dst": "192.0.2.0/24", "advmss": 1300}]"#),
        Field("bridge", "ipam.routes", #"[{"dst": "192.0.2.0/24", "priority": 7}]"#),
        Field("bridge", "ipam.routes", #"[{"dst": "192.0.2.0/24", "table": 7}]"#),
        Field("bridge", "ipam.routes", #"[{"dst": "192.0.2.0/24", "scope": 253}]"#),
        Field("bridge", "ipam.dataDir", #""/run/x""#), Field("bridge", "ipam.resolvConf", #""/etc/x""#),
        Field("bridge", "args.cni.ips", #"["10.1.0.9"]"#), Field("bridge", "runtimeConfig.ips", #"["10.1.0.9"]"#),
        Field("bridge", "runtimeConfig.ipRanges", #"[[{"subnet": "10.2.0.0/24"}]]"#),
    ]

    @Test(arguments: bridge + routed + portmap + others) func memberOfTheReferencePlugins(field: Field) throws {
        try check(field, without: field.beside, field.members)
    }

    /// The same in a configuration of the one plugin that does what all of them do.
    @Test(arguments: bridge + routed + portmap + others) func memberOfTheOnePlugin(field: Field) throws {
        let mode = field.plugin == "ptp" ? "ptp" : "bridge"
        var rest = [#""mode": "\#(mode)""#, field.beside]
        if field.name != "ipam", field.plugin != "ptp" { rest.append(#""ipam": {}"#) }
        let beside = rest.filter { !$0.isEmpty }.joined(separator: ", ")
        var alone = field
        alone.beside = ""
        try check(field, without: beside, "\(beside), \(alone.members)", program: "fairlead-cni")
    }

    /// Of a route each of its members.
    @Test func membersOfARouteDiffer() throws {
        let routes = Self.addresses.filter { $0.name == "ipam.routes" }
        let pods = try routes.map { field in
            try Calls.pod(
                #""ipam": {"type": "host-local", "subnet": "10.1.0.0/24", "routes": \#(field.value)}"#,
                program: field.plugin)
        }
        #expect(routes.count == 7 && Set(pods).count == 7)
    }

    /// Beside a range, without which there is no IPAM; members of the same object are one object.
    @Test(arguments: addresses) func memberOfHostLocal(field: Field) throws {
        let range = #""ranges": [[{"subnet": "10.9.0.0/24"}]]"#
        let inside = field.name.split(separator: ".").last.map(String.init) ?? ""
        let isOfIPAM = field.name.hasPrefix("ipam.")
        // What is of one range stands beside its network.
        let isOfRange = ["rangeStart", "rangeEnd", "gateway"].contains(inside)
        let base = isOfRange ? #""subnet": "10.1.0.0/24""# : range
        let beside = #""ipam": {"type": "host-local", \#(base)}"#
        let own = "\"\(inside)\": \(field.value)"
        let members =
            isOfIPAM
            ? "\"ipam\": {\"type\": \"host-local\", \(inside == "ranges" ? own : "\(base), \(own)")}"
            : "\(beside), \(field.members)"
        try check(field, without: beside, members)
    }

    private func check(
        _ field: Field, without rest: String, _ members: String, program: String? = nil
    ) throws {
        let program = program ?? field.plugin
        switch field.fate {
        case .counts:
            let with = try Calls.pod(members, program: program)
            // Of two that need each other one alone is an error, which is to count as well.
            #expect((try? Calls.pod(rest, program: program)) != with)
        case .isTheOnlyWay:
            #expect(try Calls.pod(members, program: program) == Calls.pod(rest, program: program))
        case .isRefused:
            let error = Calls.error(members, program: program)
            #expect(error?.code == .unsupportedField)
            #expect(error?.message.hasPrefix("\(field.name): ") == true, "\(String(describing: error))")
        }
    }

    @Test(arguments: ["MAC=02:00:00:00:00:07", "IP=10.1.0.9", "GATEWAY=10.1.0.9"])
    func nameInTheArguments(text: String) throws {
        let with = try Calls.pod(Self.range, program: "bridge", arguments: text)
        #expect(try with != Calls.pod(Self.range, program: "bridge"))
    }
}
