import KubeAPI
import Testing

@testable import APIMachinery

@Suite struct ServiceRulesTests {
    private static let base =
        #"{"metadata":{"name":"web","namespace":"default"},"spec":{"clusterIP":"10.0.0.1","ports":[{"port":80}]}}"#

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(["metadata.name": #""""#], "metadata.name: Required value: name or generateName is required"),
        RuleRow(["metadata.name": #""1web""#]),
        RuleRow(["metadata.name": #""Web""#], "metadata.name: Invalid value: \"Web\": \(Words.label)"),
        RuleRow(["metadata.name": #""a.b""#], "metadata.name: Invalid value: \"a.b\": must not contain dots"),
        RuleRow(["metadata.namespace": "-"], "metadata.namespace: Required value"),
        RuleRow(["metadata.namespace": #""A""#], "metadata.namespace: Invalid value: \"A\": \(Words.label)"),
        RuleRow(
            ["spec.type": #""X""#],
            "spec.type: Unsupported value: \"X\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", "
                + "\"NodePort\""),
        RuleRow(["spec.ports": "[]"], "spec.ports: Required value"),
        RuleRow(["spec.ports": "[]", "spec.clusterIP": #""None""#]),
        RuleRow(
            ["spec.ports": #"[{"port":0,"targetPort":1}]"#], "spec.ports[0].port: Invalid value: 0: \(Words.port)"),
        RuleRow(
            ["spec.ports": #"[{"port":80,"protocol":"ICMP"}]"#],
            "spec.ports[0].protocol: Unsupported value: \"ICMP\": supported values: \"SCTP\", \"TCP\", \"UDP\""),
        RuleRow(
            ["spec.ports": #"[{"port":80,"name":"-a"}]"#],
            "spec.ports[0].name: Invalid value: \"-a\": \(Words.label)"),
        RuleRow(
            ["spec.ports": #"[{"port":80,"targetPort":70000}]"#],
            "spec.ports[0].targetPort: Invalid value: 70000: \(Words.port)"),
        RuleRow(
            ["spec.ports": #"[{"port":80,"targetPort":"123"}]"#],
            "spec.ports[0].targetPort: Invalid value: \"123\": must contain at least one letter (a-z)"),
        RuleRow(
            ["spec.ports": #"[{"port":80,"targetPort":"a--b"}]"#],
            "spec.ports[0].targetPort: Invalid value: \"a--b\": must not contain consecutive hyphens"),
        RuleRow(
            ["spec.ports": #"[{"port":80,"targetPort":"abcdefghijklmnop"}]"#],
            "spec.ports[0].targetPort: Invalid value: \"abcdefghijklmnop\": must be no more than 15 characters"),
        RuleRow(
            ["spec.ports": #"[{"port":80,"targetPort":"-A"}]"#],
            "spec.ports[0].targetPort: Invalid value: \"-A\": must contain only alpha-numeric characters (a-z, 0-9), and "
                + "hyphens (-)",
            "spec.ports[0].targetPort: Invalid value: \"-A\": must contain at least one letter (a-z)",
            "spec.ports[0].targetPort: Invalid value: \"-A\": must not begin or end with a hyphen"),
        RuleRow(
            ["spec.ports": #"[{"port":80,"nodePort":30080}]"#],
            "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"),
        RuleRow(
            ["spec.ports": #"[{"port":80,"appProtocol":"a/b/c"}]"#],
            "spec.ports[0].appProtocol: Invalid value: \"a/b/c\": a valid label key "
                + Words.key.dropFirst("name part ".count)
                + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"),
        RuleRow(
            [
                "spec.type": #""NodePort""#,
                "spec.ports":
                    #"[{"name":"a","port":80,"nodePort":30080},{"name":"a","port":80,"nodePort":30080},{"port":81},{"name":"u","protocol":"UDP","port":80,"nodePort":30080}]"#,
            ],
            "spec.ports[1].name: Duplicate value: \"a\"", "spec.ports[2].name: Required value",
            "spec.ports[1].nodePort: Duplicate value: 30080",
            #"spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}"#
        ),
        RuleRow(["spec.selector": #"{"a":"b c"}"#], "spec.selector: Invalid value: \"b c\": \(Words.labelValue)"),
    ])
    func namesTypesAndPorts(row: RuleRow) throws { #expect(try row.complaints("svc", Self.base) == row.expected) }

    @Test(arguments: [
        RuleRow(
            ["spec.sessionAffinity": #""X""#],
            "spec.sessionAffinity: Unsupported value: \"X\": supported values: \"ClientIP\", \"None\""),
        RuleRow(
            [
                "spec.sessionAffinity": #""ClientIP""#,
                "spec.sessionAffinityConfig": #"{"clientIP":{"timeoutSeconds":86401}}"#,
            ],
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less "
                + "than 86400"),
        RuleRow(
            [
                "spec.sessionAffinity": #""ClientIP""#,
                "spec.sessionAffinityConfig": #"{"clientIP":{"timeoutSeconds":0}}"#,
            ],
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than "
                + "86400"),
        RuleRow(
            ["spec.trafficDistribution": #""Near""#],
            "spec.trafficDistribution: Unsupported value: \"Near\": supported values: \"PreferClose\", "
                + "\"PreferSameZone\", \"PreferSameNode\""),
        RuleRow(
            ["spec.internalTrafficPolicy": #""X""#],
            "spec.internalTrafficPolicy: Unsupported value: \"X\": supported values: \"Cluster\", \"Local\""),
        RuleRow(
            ["spec.externalTrafficPolicy": #""Local""#],
            "spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for externally-accessible services"),
        RuleRow(
            ["spec.healthCheckNodePort": "30000"],
            "spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and "
                + "`externalTrafficPolicy` is 'Local'"),
        RuleRow(
            ["spec.type": #""LoadBalancer""#, "spec.externalTrafficPolicy": #""Local""#],
            "spec.healthCheckNodePort: Required value"),
        RuleRow(
            ["spec.loadBalancerSourceRanges": #"["10.0.0.0/8"]"#],
            "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"),
        RuleRow(
            ["spec.type": #""LoadBalancer""#, "spec.loadBalancerSourceRanges": #"["10.0.0.1/8"," 10.0.0.0/8 ","x"]"#],
            "spec.LoadBalancerSourceRanges[0]: Invalid value: \"10.0.0.1/8\": must not have bits set beyond the prefix "
                + "length", "spec.LoadBalancerSourceRanges[2]: Invalid value: \"x\": \(Words.network)"),
        RuleRow(
            ["spec.allocateLoadBalancerNodePorts": "true", "spec.loadBalancerClass": #""a/b""#],
            "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'",
            "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"),
        RuleRow(
            ["spec.externalIPs": #"["x","127.0.0.1","192.0.2.1","010.0.0.1","::ffff:1.2.3.4"]"#],
            "spec.externalIPs[0]: Invalid value: \"x\": \(Words.address)",
            "spec.externalIPs[1]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)",
            "spec.externalIPs[3]: Invalid value: \"010.0.0.1\": must not have leading 0s",
            "spec.externalIPs[4]: Invalid value: \"::ffff:1.2.3.4\": must not be an IPv4-mapped IPv6 address"),
        RuleRow(
            ["spec.externalIPs": #"["0.0.0.0","169.254.0.1","224.0.0.1","ff02::1","ff0e::1"]"#],
            "spec.externalIPs[0]: Invalid value: \"0.0.0.0\": may not be unspecified (0.0.0.0)",
            "spec.externalIPs[1]: Invalid value: \"169.254.0.1\": may not be in the link-local range (169.254.0.0/16, "
                + "fe80::/10)",
            "spec.externalIPs[2]: Invalid value: \"224.0.0.1\": may not be in the link-local multicast range "
                + "(224.0.0.0/24, ff02::/10)",
            "spec.externalIPs[3]: Invalid value: \"ff02::1\": may not be in the link-local multicast range (224.0.0.0/24, "
                + "ff02::/10)"),
        RuleRow(["spec.type": #""ExternalName""#, "spec.clusterIP": "-"], "spec.externalName: Required value"),
        RuleRow(
            ["spec.type": #""ExternalName""#, "spec.clusterIP": "-", "spec.externalName": #""a_b""#],
            "spec.externalName: Invalid value: \"a_b\": \(Words.subdomain)"),
        RuleRow(
            ["spec.type": #""ExternalName""#, "spec.clusterIP": "-", "spec.externalName": #""a.example.com.""#]),
        RuleRow(
            [
                "spec.type": #""ExternalName""#, "spec.externalName": #""example.com""#,
                "spec.ipFamilies": #"["IPv4"]"#,
            ], "spec.clusterIPs: Forbidden: may not be set for ExternalName services",
            "spec.ipFamilies: Forbidden: may not be set for ExternalName services"),
    ])
    func traffic(row: RuleRow) throws { #expect(try row.complaints("svc", Self.base) == row.expected) }

    @Test(arguments: [
        RuleRow(
            ["spec.clusterIP": #""10.0.0""#], "spec.clusterIPs[0]: Invalid value: \"10.0.0\": \(Words.address)"),
        RuleRow(
            ["spec.clusterIPs": #"["10.0.0.2"]"#],
            "spec.clusterIPs: Invalid value: [\"10.0.0.2\"]: first value must match `clusterIP`"),
        RuleRow(
            ["spec.clusterIP": "-", "spec.clusterIPs": #"["10.0.0.2"]"#],
            "spec.clusterIPs: Invalid value: [\"10.0.0.2\"]: must be empty when `clusterIP` is not specified"),
        RuleRow(
            ["spec.clusterIPs": #"["10.0.0.1","10.0.0.2"]"#],
            "spec.clusterIPs: Invalid value: [\"10.0.0.1\",\"10.0.0.2\"]: may specify no more than one IP for each IP "
                + "family"),
        RuleRow(
            ["spec.clusterIPs": #"["10.0.0.1","fd00::1","fd00::2"]"#],
            "spec.clusterIPs: Invalid value: [\"10.0.0.1\",\"fd00::1\",\"fd00::2\"]: may only hold up to 2 values",
            "spec.clusterIPs: Invalid value: [\"10.0.0.1\",\"fd00::1\",\"fd00::2\"]: may specify no more than one IP for "
                + "each IP family"),
        RuleRow(
            ["spec.clusterIP": #""None""#, "spec.clusterIPs": #"["None","10.0.0.2"]"#],
            "spec.clusterIPs: Invalid value: [\"None\",\"10.0.0.2\"]: 'None' must be the first and only value"),
        RuleRow(
            ["spec.type": #""NodePort""#, "spec.clusterIP": #""None""#],
            "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"),
        RuleRow(
            ["spec.ipFamilies": #"["IPv6"]"#],
            "spec.clusterIPs[0]: Invalid value: \"10.0.0.1\": expected an IPv6 value as indicated by `ipFamilies[0]`"),
        RuleRow(
            ["spec.ipFamilies": #"["IPv4","IPv4"]"#], "spec.ipFamilies[1]: Duplicate value: \"IPv4\""),
        RuleRow(
            ["spec.ipFamilies": #"["IPv5"]"#],
            "spec.ipFamilies[0]: Unsupported value: \"IPv5\": supported values: \"IPv4\", \"IPv6\""),
        RuleRow(
            ["spec.ipFamilyPolicy": #""Dual""#],
            "spec.ipFamilyPolicy: Unsupported value: \"Dual\": supported values: \"PreferDualStack\", "
                + "\"RequireDualStack\", \"SingleStack\""),
    ])
    func addresses(row: RuleRow) throws { #expect(try row.complaints("svc", Self.base) == row.expected) }

    @Test(arguments: [
        RuleRow(["spec.clusterIP": "-"]),
        RuleRow(
            ["spec.clusterIP": #""10.0.0.2""#],
            "spec.clusterIPs[0]: Invalid value: [\"10.0.0.2\"]: may not change once set"),
        RuleRow(
            ["spec.clusterIPs": #"["10.0.0.1","fd00::1"]"#, "spec.ipFamilies": #"["IPv4","IPv6"]"#]),
        RuleRow(
            ["metadata.name": #""other""#], "metadata.name: Invalid value: \"other\": field is immutable"),
        RuleRow(["metadata.uid": #""u""#], "metadata.uid: Invalid value: \"u\": field is immutable"),
        RuleRow(["spec.type": #""ExternalName""#, "spec.externalName": #""a.b""#]),
    ])
    func changes(row: RuleRow) throws {
        #expect(try row.complaints("svc", Self.base, over: Self.base) == row.expected)
    }

    @Test func aSecondAddressIsReleasedOnlyByPolicy() throws {
        let both =
            #"{"metadata":{"name":"web","namespace":"d"},"spec":{"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1","fd00::1"],"ipFamilies":["IPv4","IPv6"],"ports":[{"port":80}]}}"#
        let one = RuleRow(["spec.clusterIPs": #"["10.0.0.1"]"#, "spec.ipFamilies": #"["IPv4"]"#])
        #expect(
            try one.complaints("svc", both, over: both) == [
                "spec.ipFamilyPolicy: Invalid value: null: must be set to 'SingleStack' when releasing the secondary "
                    + "clusterIP",
                "spec.ipFamilyPolicy: Invalid value: null: must be set to 'SingleStack' when releasing the secondary "
                    + "ipFamily",
            ])
        let said = RuleRow([
            "spec.clusterIPs": #"["10.0.0.1"]"#, "spec.ipFamilies": #"["IPv4"]"#,
            "spec.ipFamilyPolicy": #""SingleStack""#,
        ])
        #expect(try said.complaints("svc", both, over: both).isEmpty)
    }

    @Test(arguments: [
        RuleRow(["status.loadBalancer.ingress": #"[{"ip":"192.0.2.1"},{"hostname":"lb.example.org"}]"#]),
        RuleRow(
            ["status.loadBalancer.ingress": #"[{"ip":"x"}]"#],
            "status.loadBalancer.ingress[0].ip: Invalid value: \"x\": \(Words.address)"),
        RuleRow(
            ["status.loadBalancer.ingress": #"[{"ip":"192.0.2.1","ipMode":"Nat"}]"#],
            "status.loadBalancer.ingress[0].ipMode: Unsupported value: \"Nat\": supported values: \"Proxy\", \"VIP\""),
        RuleRow(
            ["status.loadBalancer.ingress": #"[{"hostname":"a.b","ipMode":"VIP"}]"#],
            "status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` is not set"),
        RuleRow(
            ["status.loadBalancer.ingress": #"[{"hostname":"192.0.2.1"}]"#],
            "status.loadBalancer.ingress[0].hostname: Invalid value: \"192.0.2.1\": must be a DNS name, not an IP address"
        ),
    ])
    func statusOfABalancer(row: RuleRow) throws {
        let base =
            #"{"metadata":{"name":"web","namespace":"d"},"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1","ports":[{"port":80}]}}"#
        #expect(try row.complaints("svc", base, over: base, ofStatus: true) == row.expected)
    }

    @Test func statusOfOthers() throws {
        let row = RuleRow(["status.loadBalancer.ingress": #"[{"ip":"192.0.2.1"}]"#])
        #expect(
            try row.complaints("svc", Self.base, over: Self.base, ofStatus: true) == [
                "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'"
            ])
    }

    @Test func theStatusNamesTheObjectAndEachFaultOnce() throws {
        let failures: [FieldFailure] = [.required("a"), .invalid("b", 1, "x"), .required("a")]
        let resource = try KindTable.row("svc").resource
        let status = Status.invalid(resource, name: "web", failures)
        #expect(status.message == "Service \"web\" is invalid: [a: Required value, b: Invalid value: 1: x]")
        #expect(status.code == 422 && status.details?.causes.count == 3)
        #expect(
            Status.invalid(resource, name: "web", [.required("a"), .required("a")]).message
                == "Service \"web\" is invalid: a: Required value")
        #expect(
            Status.invalid(try KindTable.row("deploy").resource, name: "d", [.required("a")]).message
                == "Deployment.apps \"d\" is invalid: a: Required value")
    }
}
