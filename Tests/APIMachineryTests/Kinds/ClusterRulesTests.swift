import KubeAPI
import Testing

@testable import APIMachinery

@Suite struct ClusterRulesTests {
    private static let map = #"{"metadata":{"name":"a","namespace":"d"}}"#

    @Test(arguments: [
        RuleRow([:]), RuleRow(["metadata.generateName": #""a-""#]),
        RuleRow(
            ["metadata.generateName": #""AB-""#],
            "metadata.generateName: Invalid value: \"AB-\": \(Words.subdomain)"),
        RuleRow(
            ["metadata.labels": #"{"a/b/c":"x","k":"v v"}"#],
            "metadata.labels: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', "
                + "'_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or "
                + "'123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional "
                + "DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
            "metadata.labels: Invalid value: \"v v\": \(Words.labelValue)"),
        RuleRow(
            ["metadata.labels": #"{"A_/x":"","/y":""}"#],
            "metadata.labels: Invalid value: \"/y\": prefix part must be non-empty",
            "metadata.labels: Invalid value: \"A_/x\": prefix part \(Words.subdomain)"),
        RuleRow(["metadata.annotations": #"{"Example.com/A":"anything at all"}"#]),
        RuleRow(["metadata.annotations": #"{"a b":""}"#], "metadata.annotations: Invalid value: \"a b\": \(Words.key)"),
        RuleRow(
            ["metadata.finalizers": #"["a b","x"]"#],
            "metadata.finalizers: Invalid value: \"a b\": \(Words.key)",
            "metadata.finalizers[0]: Invalid value: \"a b\": name is neither a standard finalizer name nor is it fully "
                + "qualified",
            "metadata.finalizers[1]: Invalid value: \"x\": name is neither a standard finalizer name nor is it fully "
                + "qualified"),
        RuleRow(
            ["metadata.finalizers": #"["orphan","foregroundDeletion"]"#],
            "metadata.finalizers: Invalid value: [\"orphan\",\"foregroundDeletion\"]: finalizer orphan and "
                + "foregroundDeletion cannot be both set"),
        RuleRow(
            ["metadata.ownerReferences": #"[{}]"#],
            "metadata.ownerReferences.apiVersion: Invalid value: \"\": version must not be empty",
            "metadata.ownerReferences.kind: Invalid value: \"\": must not be empty",
            "metadata.ownerReferences.name: Invalid value: \"\": must not be empty",
            "metadata.ownerReferences.uid: Invalid value: \"\": must not be empty"),
        RuleRow(
            [
                "metadata.ownerReferences":
                    #"[{"apiVersion":"v1","kind":"A","name":"a","uid":"1","controller":true},{"apiVersion":"v1","kind":"B","name":"b","uid":"2","controller":true}]"#
            ],
            "metadata.ownerReferences: Invalid value: [{\"apiVersion\":\"v1\",\"controller\":true,\"kind\":\"A\",\"name\":"
                + "\"a\",\"uid\":\"1\"},{\"apiVersion\":\"v1\",\"controller\":true,\"kind\":\"B\",\"name\":\"b\",\"uid\":"
                + "\"2\"}]: Only one reference can have Controller set to true. Found \"true\" in references for A/a and "
                + "B/b"),
        RuleRow(
            ["data": #"{"a b":"","..x":"","k":""}"#, "binaryData": #"{"k":""}"#],
            "data[..x]: Invalid value: \"..x\": must not start with '..'",
            "data[a b]: Invalid value: \"a b\": \(Words.configKey)",
            "data[k]: Invalid value: \"k\": duplicate of key present in binaryData"),
    ])
    func metadataAndMaps(row: RuleRow) throws { #expect(try row.complaints("cm", Self.map) == row.expected) }

    @Test func sizes() throws {
        let text = String(repeating: "x", count: 1 << 20)
        let rules = try KindTable.row("cm")
        #expect(try rules.complaints(#"{"metadata":{"name":"a","namespace":"d"},"data":{"k":"\#(text)"}}"#).isEmpty)
        #expect(
            try rules.complaints(#"{"metadata":{"name":"a","namespace":"d"},"data":{"k":"\#(text)y"}}"#) == [
                "[]: Too long: may not be more than 1048576 bytes"
            ])
        #expect(
            try KindTable.row("secret").complaints(
                #"{"metadata":{"name":"a","namespace":"d"},"stringData":{"k":"\#(text)y"}}"#) == [
                    "data: Too long: may not be more than 1048576 bytes"
                ])
        let annotation = String(repeating: "x", count: (256 << 10) - 1)
        #expect(
            try rules.complaints(#"{"metadata":{"name":"a","namespace":"d","annotations":{"k":"\#(annotation)"}}}"#)
                .isEmpty)
        #expect(
            try rules.complaints(#"{"metadata":{"name":"a","namespace":"d","annotations":{"k":"\#(annotation)y"}}}"#)
                == [
                    "metadata.annotations: Too long: may not be more than 262144 bytes"
                ])
    }

    @Test func whatIsImmutableStays() throws {
        let old = #"{"metadata":{"name":"a","namespace":"d"},"immutable":true,"data":{"k":"djE="}}"#
        let change = RuleRow(["immutable": "-", "data": #"{"k":"djI="}"#])
        let expected = [
            "immutable: Forbidden: field is immutable when `immutable` is set",
            "data: Forbidden: field is immutable when `immutable` is set",
        ]
        for kind in ["cm", "secret"] { #expect(try change.complaints(kind, old, over: old) == expected, "\(kind)") }
        #expect(
            try RuleRow(["type": #""a/b""#]).complaints("secret", old, over: old) == [
                "type: Invalid value: \"a/b\": field is immutable"
            ])
    }

    @Test func anObjectThatEndsTakesNoNewFinalizers() throws {
        let rules = try KindTable.row("cm")
        var old = try object(#"{"metadata":{"name":"a","namespace":"d","deletionTimestamp":"2030-01-01T00:00:00Z"}}"#)
        old.finalizers = ["a/b", "c/d"]
        var now = old
        now.finalizers = ["c/d"]
        #expect(rules.failures(now, old).isEmpty)
        now.finalizers = ["c/d", "e/f"]
        #expect(
            rules.failures(now, old).map(\.description) == [
                "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new "
                    + "finalizers []string{\"e/f\"}"
            ])
    }

    @Test(arguments: [
        RuleRow(["type": #""kubernetes.io/tls""#], "data[tls.crt]: Required value", "data[tls.key]: Required value"),
        RuleRow(["type": #""kubernetes.io/ssh-auth""#], "data[ssh-privatekey]: Required value"),
        RuleRow(
            ["type": #""kubernetes.io/basic-auth""#], "data[username]: Required value", "data[password]: Required value"
        ),
        RuleRow(["type": #""kubernetes.io/dockerconfigjson""#], "data[.dockerconfigjson]: Required value"),
        RuleRow(["type": #""kubernetes.io/dockerconfigjson""#, "stringData": #"{".dockerconfigjson":"{}"}"#]),
        RuleRow(
            ["type": #""kubernetes.io/service-account-token""#],
            "metadata.annotations[kubernetes.io/service-account.name]: Required value"),
    ])
    func secrets(row: RuleRow) throws { #expect(try row.complaints("secret", Self.map) == row.expected) }

    private static func feature(_ name: String) -> String {
        "invalid feature name \"\(name)\": must start with an UpperCamelCase segment, with subsequent segments separated by "
            + "'/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes"
    }

    private static let node = #"{"metadata":{"name":"n"},"spec":{"podCIDR":"10.244.0.0/24"}}"#

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(["metadata.namespace": #""x""#], "metadata.namespace: Forbidden: not allowed on this type"),
        RuleRow(
            ["spec.podCIDRs": #"["10.244.0.1/24","10.245.0.0/24"]"#],
            "spec.podCIDRs[0]: Invalid value: \"10.244.0.1/24\": must not have bits set beyond the prefix length",
            "spec.podCIDRs: Invalid value: [\"10.244.0.1/24\",\"10.245.0.0/24\"]: may specify no more than one CIDR for "
                + "each IP family"),
        RuleRow(["spec.podCIDRs": #"["10.244.0.0/24","fd00::/64"]"#]),
        RuleRow(
            [
                "spec.taints":
                    #"[{"key":"a b","value":"c d"},{"key":"k","effect":"X"},{"key":"k","effect":"NoSchedule"},{"key":"k","effect":"NoSchedule"}]"#
            ],
            "metadata.taints[0].key: Invalid value: \"a b\": \(Words.key)",
            "metadata.taints[0].value: Invalid value: \"c d\": \(Words.labelValue)",
            "metadata.taints[0].effect: Required value",
            "metadata.taints[1].effect: Unsupported value: \"X\": supported values: \"NoSchedule\", \"PreferNoSchedule\", "
                + "\"NoExecute\"",
            "metadata.taints[3]: Duplicate value: {\"Key\":\"k\",\"Value\":\"\",\"Effect\":\"NoSchedule\",\"TimeAdded\":"
                + "null}: taints must be unique by key and effect pair"),
        RuleRow(
            ["status.capacity": #"{"cpu":"-1","pods":"1500m"}"#],
            "status.capacity.cpu: Invalid value: \"-1\": must be greater than or equal to 0",
            "status.capacity.pods: Invalid value: \"1500m\": must be an integer",
            "status.allocatable.cpu: Invalid value: \"-1\": must be greater than or equal to 0",
            "status.allocatable.pods: Invalid value: \"1500m\": must be an integer"),
        RuleRow([
            "status.nodeInfo": #"{"swap":{"capacity":1}}"#, "status.declaredFeatures": #"["A","B/b1/C","C"]"#,
        ]),
        RuleRow(
            ["status.nodeInfo": #"{"swap":{"capacity":0}}"#, "status.declaredFeatures": #"["B","B","A","a","Z/1"]"#],
            "metadata.nodeSwapStatus.capacity: Invalid value: 0: must be greater than zero",
            "status.declaredFeatures[1]: Duplicate value: \"B\"",
            "status.declaredFeatures[2]: Invalid value: \"A\": list must be sorted alphabetically",
            "status.declaredFeatures[3]: Invalid value: \"a\": \(feature("a"))",
            "status.declaredFeatures[4]: Invalid value: \"Z/1\": \(feature("Z/1"))",
            "status.declaredFeatures[4]: Invalid value: \"Z/1\": list must be sorted alphabetically"),
    ])
    func nodes(row: RuleRow) throws { #expect(try row.complaints("no", Self.node) == row.expected) }

    @Test func whatOfANodeMayChange() throws {
        let rules = try KindTable.row("no")
        let before = try rules.written(
            #"{"metadata":{"name":"n"},"spec":{"podCIDR":"10.244.0.0/24","providerID":"p"},"status":{"phase":"x"}}"#)
        #expect(before.status.text("phase") == "x")
        var now = before
        now[["spec", "unschedulable"]] = true
        now["status"] = [:]
        rules.prepare(&now, before)
        #expect(rules.failures(now, before).isEmpty && now.status == before.status)
        now["spec"] = [
            "podCIDR": "10.245.0.0/24", "podCIDRs": ["10.245.0.0/24"], "providerID": "q", "externalID": "e",
        ]
        #expect(
            rules.failures(now, before).map(\.description) == [
                "spec.podCIDRs: Forbidden: node updates may not change podCIDR except from \"\" to valid",
                "spec.providerID: Forbidden: node updates may not change providerID except from \"\" to valid",
                "spec.externalID: Forbidden: may not be updated",
            ])
        var status = before
        status["status"] = [
            "addresses": [["type": "InternalIP", "address": "a"], ["type": "InternalIP", "address": "a"]]
        ]
        status[["spec", "unschedulable"]] = true
        rules.prepareStatus(&status, before)
        #expect(status.spec == before.spec)
        #expect(
            rules.statusFailures(status, before).map(\.description) == [
                #"status.addresses[1]: Duplicate value: {"Type":"InternalIP","Address":"a"}"#
            ])
    }

    @Test func namespaces() throws {
        let rules = try KindTable.row("ns")
        #expect(
            try rules.complaints(#"{"metadata":{"name":"A"}}"#) == [
                "metadata.name: Invalid value: \"A\": \(Words.label)"
            ])
        #expect(
            try rules.complaints(#"{"metadata":{"name":"a"},"spec":{"finalizers":["x"]}}"#) == [
                "spec.finalizers: Invalid value: \"x\": name is neither a standard finalizer name nor is it fully qualified"
            ])
        let before = try rules.written(#"{"metadata":{"name":"a"}}"#)
        var now = before
        now["spec"] = ["finalizers": []]
        now["status"] = ["phase": "Terminating"]
        var whole = now
        rules.prepare(&whole, before)
        #expect(whole.spec == before.spec && whole.status == before.status)
        rules.prepareStatus(&now, before)
        #expect(
            rules.statusFailures(now, before).map(\.description) == [
                "status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty"
            ])
    }

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(
            ["spec.leaseDurationSeconds": "0", "spec.leaseTransitions": "-1"],
            "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
            "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0"),
        RuleRow(
            ["spec.preferredHolder": #""x""#],
            "spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined"),
    ])
    func leases(row: RuleRow) throws { #expect(try row.complaints("lease", Self.map) == row.expected) }

    private static let event =
        #"{"metadata":{"name":"e","namespace":"d"},"involvedObject":{"kind":"Pod","namespace":"d","name":"p"}}"#

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(
            ["involvedObject.namespace": #""x""#],
            "involvedObject.namespace: Invalid value: \"x\": does not match event.namespace"),
        RuleRow(["involvedObject.namespace": "-", "metadata.namespace": #""default""#]),
        RuleRow(
            ["eventTime": #""2030-01-01T00:00:00.000000Z""#], "reportingComponent: Required value",
            "reportingComponent: Invalid value: \"\": name part must be non-empty",
            "reportingComponent: Invalid value: \"\": \(Words.key)", "reportingInstance: Required value",
            "action: Required value", "reason: Required value"),
    ])
    func events(row: RuleRow) throws { #expect(try row.complaints("ev", Self.event) == row.expected) }

    @Test func eventsOfTheNewGroup() throws {
        let rules = try #require(KindTable.kubernetes.row(apiVersion: "events.k8s.io/v1", kind: "Event"))
        let good = """
            {"metadata":{"name":"e","namespace":"d"},"eventTime":"2030-01-01T00:00:00.000000Z","regarding":{"kind":"Pod",\
            "namespace":"d","name":"p"},"reportingController":"a/b","reportingInstance":"i","action":"A","reason":"R",\
            "type":"Normal","note":"n"}
            """
        #expect(try rules.complaints(good).isEmpty)
        var odd = try object(good)
        odd["type"] = "Bad"
        odd["deprecatedCount"] = 2
        odd["series"] = ["count": 1]
        #expect(
            rules.failures(odd, nil).map(\.description) == [
                "series.count: Invalid value: \"\": should be at least 2", "series.lastObservedTime: Required value",
                "type: Invalid value: \"\": has invalid value: Bad", "count: Invalid value: \"\": needs to be unset",
            ])
        var now = try object(good)
        now["note"] = "m"
        #expect(
            rules.failures(now, try object(good)).map(\.description) == [
                "message: Invalid value: \"m\": field is immutable"
            ])
    }
}
