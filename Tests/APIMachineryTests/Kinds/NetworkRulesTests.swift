import KubeAPI
import Testing

@testable import APIMachinery

@Suite struct NetworkRulesTests {
    private static let slice =
        #"{"metadata":{"name":"web-x","namespace":"d"},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"]}],"ports":[{"name":"a","port":80}]}"#

    private static func slice(of addresses: String) -> String { #"[{"addresses":[\#(addresses)]}]"# }

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(["addressType": "-"], "addressType: Required value"),
        RuleRow(
            ["addressType": #""IPv5""#],
            "addressType: Unsupported value: \"IPv5\": supported values: \"FQDN\", \"IPv4\", \"IPv6\""),
        RuleRow(
            ["endpoints": slice(of: "")], "endpoints[0].addresses: Required value: must contain at least 1 address"),
        RuleRow(
            ["endpoints": slice(of: #""foo""#)], "endpoints[0].addresses[0]: Invalid value: \"foo\": \(Words.address)"),
        RuleRow(
            ["endpoints": slice(of: #""fd00::1""#)],
            "endpoints[0].addresses: Invalid value: \"fd00::1\": must be an IPv4 address"),
        RuleRow(
            ["addressType": #""IPv6""#, "endpoints": slice(of: #""10.0.0.1","fd00:0::1""#)],
            "endpoints[0].addresses: Invalid value: \"10.0.0.1\": must be an IPv6 address",
            "endpoints[0].addresses[1]: Invalid value: \"fd00:0::1\": must be in canonical form (\"fd00::1\")"),
        RuleRow(
            ["endpoints": slice(of: #""169.254.0.1","0.0.0.0","127.0.0.1","224.0.0.1""#)],
            "endpoints[0].addresses[0]: Invalid value: \"169.254.0.1\": may not be in the link-local range "
                + "(169.254.0.0/16, fe80::/10)",
            "endpoints[0].addresses[1]: Invalid value: \"0.0.0.0\": may not be unspecified (0.0.0.0)",
            "endpoints[0].addresses[2]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, "
                + "::1/128)",
            "endpoints[0].addresses[3]: Invalid value: \"224.0.0.1\": may not be in the link-local multicast range "
                + "(224.0.0.0/24, ff02::/10)"),
        RuleRow(
            ["addressType": #""FQDN""#, "endpoints": slice(of: #""a_b","localhost","a.example.com.""#)],
            "endpoints[0].addresses[0]: Invalid value: \"a_b\": \(Words.subdomain)",
            "endpoints[0].addresses[1]: Invalid value: \"localhost\": should be a domain with at least two segments "
                + "separated by dots"),
        RuleRow(
            [
                "endpoints":
                    #"[{"addresses":["10.0.0.1"],"nodeName":"N","hostname":"a.b","hints":{"forZones":[{"name":"z"},{"name":"z"}]}}]"#
            ],
            "endpoints[0].nodeName: Invalid value: \"N\": \(Words.subdomain)",
            "endpoints[0].hostname: Invalid value: \"a.b\": must not contain dots",
            "endpoints[0].hints.forZones[1].name: Duplicate value: \"z\""),
        RuleRow(
            ["ports": #"[{"name":"a"},{"name":"a","protocol":"X"},{"name":"A"}]"#],
            "ports[1].name: Duplicate value: \"a\"",
            "ports[1].protocol: Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", \"UDP\"",
            "ports[2].name: Invalid value: \"A\": \(Words.label)"),
    ])
    func slices(row: RuleRow) throws { #expect(try row.complaints("endpointslice", Self.slice) == row.expected) }

    @Test func slicesAreNotTooLarge() throws {
        let many = "[\(Array(repeating: #"{"addresses":["10.0.0.1"]}"#, count: 1001).joined(separator: ","))]"
        #expect(
            try RuleRow(["endpoints": many]).complaints("endpointslice", Self.slice) == [
                "endpoints: Too many: 1001: must have at most 1000 items"
            ])
        let addresses = Array(repeating: #""10.0.0.1""#, count: 101).joined(separator: ",")
        #expect(
            try RuleRow(["endpoints": Self.slice(of: addresses)]).complaints("endpointslice", Self.slice) == [
                "endpoints[0].addresses: Too many: 101: must have at most 100 items"
            ])
    }

    @Test func theAddressTypeStays() throws {
        let row = RuleRow(["addressType": #""IPv6""#, "endpoints": Self.slice(of: #""fd00::1""#)])
        #expect(
            try row.complaints("endpointslice", Self.slice, over: Self.slice) == [
                "addressType: Invalid value: \"IPv6\": field is immutable"
            ])
    }

    private static let subsets =
        #"{"metadata":{"name":"web","namespace":"d"},"subsets":[{"addresses":[{"ip":"10.0.0.1"}],"ports":[{"port":80}]}]}"#

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(["subsets": "[{}]"], "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"),
        RuleRow(
            [
                "subsets":
                    #"[{"addresses":[{"ip":"x"},{"ip":"127.0.0.1"}],"ports":[{"port":0},{"name":"b","port":1,"protocol":"X"}]}]"#
            ],
            "subsets[0].addresses[0].ip: Invalid value: \"x\": \(Words.address)",
            "subsets[0].addresses[1].ip: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, "
                + "::1/128)", "subsets[0].ports[0].name: Required value",
            "subsets[0].ports[0].port: Invalid value: 0: \(Words.port)",
            "subsets[0].ports[1].protocol: Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", \"UDP\""),
    ])
    func endpoints(row: RuleRow) throws { #expect(try row.complaints("ep", Self.subsets) == row.expected) }

    @Test(arguments: [
        RuleRow(["spec": "{}"]),
        RuleRow(
            ["spec.policyTypes": #"["X"]"#],
            "spec.policyTypes[0]: Unsupported value: \"X\": supported values: \"Ingress\", \"Egress\""),
        RuleRow(
            [
                "spec.ingress":
                    #"[{"ports":[{"protocol":"X"},{"port":0},{"port":80,"endPort":70},{"port":"http","endPort":1},{"endPort":1},{"port":"A"}],"from":[{},{"podSelector":{},"ipBlock":{"cidr":"10.0.0.0/8"}}]}]"#
            ],
            "spec.ingress[0].ports[0].protocol: Unsupported value: \"X\": supported values: \"TCP\", \"UDP\", \"SCTP\"",
            "spec.ingress[0].ports[1].port: Invalid value: 0: \(Words.port)",
            "spec.ingress[0].ports[2].endPort: Invalid value: 80: must be greater than or equal to `port`",
            "spec.ingress[0].ports[3].endPort: Invalid value: 1: may not be specified when `port` is non-numeric",
            "spec.ingress[0].ports[4].endPort: Invalid value: 1: may not be specified when `port` is not specified",
            "spec.ingress[0].ports[5].port: Invalid value: \"A\": must contain only alpha-numeric characters (a-z, 0-9), "
                + "and hyphens (-)",
            "spec.ingress[0].ports[5].port: Invalid value: \"A\": must contain at least one letter (a-z)",
            "spec.ingress[0].from[0]: Required value: must specify a peer",
            "spec.ingress[0].from[1]: Forbidden: may not specify both ipBlock and another peer"),
        RuleRow(
            [
                "spec.egress":
                    #"[{"to":[{"ipBlock":{}},{"ipBlock":{"cidr":"x"}},{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.0.0.0/8","10.1.0.0/16","11.0.0.0/16","y"]}}]}]"#
            ],
            "spec.egress[0].to[0].ipBlock.cidr: Required value",
            "spec.egress[0].to[1].ipBlock.cidr: Invalid value: \"x\": \(Words.network)",
            "spec.egress[0].to[2].ipBlock.except[0]: Invalid value: \"10.0.0.0/8\": must be a strict subset of `cidr`",
            "spec.egress[0].to[2].ipBlock.except[2]: Invalid value: \"11.0.0.0/16\": must be a strict subset of `cidr`",
            "spec.egress[0].to[2].ipBlock.except[3]: Invalid value: \"y\": \(Words.network)"),
    ])
    func policies(row: RuleRow) throws {
        #expect(try row.complaints("netpol", #"{"metadata":{"name":"a","namespace":"d"}}"#) == row.expected)
    }

    private static let cidr = #"{"metadata":{"name":"more"},"spec":{"cidrs":["10.97.0.0/16"]}}"#

    @Test(arguments: [
        RuleRow([:]), RuleRow(["spec.cidrs": #"["10.97.0.0/16","fd00:97::/112"]"#]),
        RuleRow(["spec.cidrs": "[]"], "spec.cidrs: Required value: at least one CIDR required"),
        RuleRow(["spec.cidrs": #"["10.97.0.0"]"#], "spec.cidrs[0]: Invalid value: \"10.97.0.0\": \(Words.network)"),
        RuleRow(
            ["spec.cidrs": #"["fd00:97:0::/112"]"#],
            "spec.cidrs[0]: Invalid value: \"fd00:97:0::/112\": must be in canonical form (\"fd00:97::/112\")"),
        RuleRow(
            ["spec.cidrs": #"["10.97.0.0/16","10.98.0.0/16"]"#],
            "spec.cidrs: Invalid value: [\"10.97.0.0/16\",\"10.98.0.0/16\"]: may specify no more than one IP for each IP "
                + "family, i.e 192.168.0.0/24 and 2001:db8::/64"),
        RuleRow(
            ["spec.cidrs": #"["10.97.0.0/16","fd00::/112","fd01::/112"]"#],
            "spec.cidrs: Invalid value: {\"CIDRs\":[\"10.97.0.0/16\",\"fd00::/112\",\"fd01::/112\"]}: may only hold up to 2 "
                + "values"),
    ])
    func serviceCIDRs(row: RuleRow) throws { #expect(try row.complaints("servicecidr", Self.cidr) == row.expected) }

    @Test(arguments: [
        RuleRow(["spec.cidrs": #"["10.97.0.0/16","fd00:97::/112"]"#]),
        RuleRow(
            ["spec.cidrs": #"["10.98.0.0/16"]"#],
            "spec.cidrs[0]: Invalid value: \"10.98.0.0/16\": field is immutable"),
        RuleRow(["spec.cidrs": "[]"], "spec.cidrs: Invalid value: []: field is immutable"),
    ])
    func changesOfServiceCIDRs(row: RuleRow) throws {
        #expect(try row.complaints("servicecidr", Self.cidr, over: Self.cidr) == row.expected)
    }

    private static let address =
        #"{"metadata":{"name":"10.0.0.1"},"spec":{"parentRef":{"resource":"services","namespace":"d","name":"s"}}}"#

    @Test(arguments: [
        RuleRow([:]), RuleRow(["metadata.name": #""fd00::1""#]),
        RuleRow(["metadata.name": #""x""#], "metadata.name: Invalid value: \"x\": \(Words.address)"),
        RuleRow(
            ["metadata.name": #""FD00::1""#],
            "metadata.name: Invalid value: \"FD00::1\": must be in canonical form (\"fd00::1\")"),
        RuleRow(
            ["metadata.name": #""::ffff:1.2.3.4""#],
            "metadata.name: Invalid value: \"::ffff:1.2.3.4\": must not be an IPv4-mapped IPv6 address"),
        RuleRow(["spec": "{}"], "spec.parentRef: Required value"),
        RuleRow(
            ["spec.parentRef": #"{"name":"a/b"}"#], "spec.parentRef.resource: Required value",
            "spec.parentRef.name: Invalid value: \"a/b\": may not contain '/'"),
    ])
    func addresses(row: RuleRow) throws { #expect(try row.complaints("ip", Self.address) == row.expected) }

    @Test func theOwnerOfAnAddressStays() throws {
        let told = try RuleRow(["spec.parentRef.name": #""t""#]).complaints("ip", Self.address, over: Self.address)
        #expect(told.count == 1 && told[0].hasPrefix("spec.parentRef: Invalid value: "))
        #expect(told[0].hasSuffix(": field is immutable"))
    }
}
