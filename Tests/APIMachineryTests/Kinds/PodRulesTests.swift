import KubeAPI
import Testing

@testable import APIMachinery

@Suite struct PodRulesTests {
    private static let base =
        #"{"metadata":{"name":"p","namespace":"d"},"spec":{"containers":[{"name":"a","image":"x:1"}]}}"#

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(["metadata.name": #""P""#], "metadata.name: Invalid value: \"P\": \(Words.subdomain)"),
        RuleRow(["metadata.name": #""a.b""#]),
        RuleRow(["spec.containers": "[]"], "spec.containers: Required value"),
        RuleRow(
            ["spec.containers": #"[{}]"#], "spec.containers[0].name: Required value",
            "spec.containers[0].image: Required value"),
        RuleRow(
            ["spec.containers": #"[{"name":"A","image":" x"},{"name":"A","image":"x"}]"#],
            "spec.containers[0].name: Invalid value: \"A\": \(Words.label)",
            "spec.containers[1].name: Invalid value: \"A\": \(Words.label)",
            "spec.containers[1].name: Duplicate value: \"A\"",
            "spec.containers[0].image: Invalid value: \" x\": must not have leading or trailing whitespace"),
        RuleRow(
            [
                "spec.containers":
                    #"[{"name":"a","image":"x","terminationMessagePolicy":"X","imagePullPolicy":"Y"}]"#
            ],
            "spec.containers[0].terminationMessagePolicy: Unsupported value: \"X\": supported values: \"File\", "
                + "\"FallbackToLogsOnError\"",
            "spec.containers[0].imagePullPolicy: Unsupported value: \"Y\": supported values: \"Always\", "
                + "\"IfNotPresent\", \"Never\""),
        RuleRow(
            [
                "spec.containers":
                    #"[{"name":"a","image":"x","ports":[{},{"name":"UP","containerPort":70000,"hostPort":70000,"protocol":"X"},{"name":"w","containerPort":1,"hostPort":2},{"name":"w","containerPort":1,"hostPort":2}]}]"#
            ], "spec.containers[0].ports[0].containerPort: Required value",
            "spec.containers[0].ports[1].name: Invalid value: \"UP\": must contain only alpha-numeric characters (a-z, "
                + "0-9), and hyphens (-)",
            "spec.containers[0].ports[1].name: Invalid value: \"UP\": must contain at least one letter (a-z)",
            "spec.containers[0].ports[1].containerPort: Invalid value: 70000: \(Words.port)",
            "spec.containers[0].ports[1].hostPort: Invalid value: 70000: \(Words.port)",
            "spec.containers[0].ports[1].protocol: Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", "
                + "\"UDP\"", "spec.containers[0].ports[3].name: Duplicate value: \"w\"",
            "spec.containers[0].ports[3].hostPort: Duplicate value: \"TCP//2\""),
        RuleRow(
            ["spec.initContainers": #"[{"name":"a","image":"x","livenessProbe":{"exec":{"command":["a"]}}}]"#],
            "spec.initContainers[0].name: Duplicate value: \"a\"",
            "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without "
                + "restartPolicy=Always"),
        RuleRow([
            "spec.initContainers":
                #"[{"name":"s","image":"x","restartPolicy":"Always","livenessProbe":{"exec":{"command":["a"]}}}]"#
        ]),
        RuleRow(
            [
                "spec.hostNetwork": "true",
                "spec.containers": #"[{"name":"a","image":"x","ports":[{"containerPort":80,"hostPort":81}]}]"#,
            ],
            "spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is "
                + "true"),
    ])
    func containers(row: RuleRow) throws { #expect(try row.complaints("po", Self.base) == row.expected) }

    @Test(arguments: [
        RuleRow(
            [
                "spec.containers":
                    #"[{"name":"a","image":"x","env":[{},{"name":"A=B","valueFrom":{}},{"name":"C","value":"v","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}]"#
            ],
            "spec.containers[0].env[0].name: Required value",
            "spec.containers[0].env[1].name: Invalid value: \"A=B\": a valid environment variable name must consist only "
                + "of printable ASCII characters other than '='",
            "spec.containers[0].env[1].valueFrom: Invalid value: \"\": must specify one of: `fieldRef`, "
                + "`resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
            "spec.containers[0].env[2].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty"),
        RuleRow(
            [
                "spec.containers":
                    #"[{"name":"a","image":"x","env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"x"}}},{"name":"B","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels['a b']"}}},{"name":"C","valueFrom":{"secretKeyRef":{"name":"s","key":"a b"}}}]}]"#
            ],
            "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: \"x\": supported values: "
                + "\"metadata.name\", \"metadata.namespace\", \"metadata.uid\", \"spec.nodeName\", "
                + "\"spec.serviceAccountName\", \"status.hostIP\", \"status.hostIPs\", \"status.podIP\", "
                + "\"status.podIPs\"",
            "spec.containers[0].env[1].valueFrom.fieldRef: Invalid value: \"a b\": \(Words.key)",
            "spec.containers[0].env[2].valueFrom.secretKeyRef.key: Invalid value: \"a b\": \(Words.configKey)"),
        RuleRow(
            ["spec.containers": #"[{"name":"a","image":"x","envFrom":[{}]}]"#],
            "spec.containers[0].envFrom: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`"),
        RuleRow(
            [
                "spec.containers":
                    #"[{"name":"a","image":"x","volumeMounts":[{"name":"v","mountPath":"/a"},{"name":"w","mountPath":"/a","subPath":"../x"}]}]"#,
                "spec.volumes": #"[{"name":"v"}]"#,
            ],
            "spec.containers[0].volumeMounts[1].name: Not found: \"w\"",
            "spec.containers[0].volumeMounts[1].mountPath: Invalid value: \"/a\": must be unique",
            "spec.containers[0].volumeMounts.subPath: Invalid value: \"../x\": must not contain '..'"),
        RuleRow(
            [
                "spec.volumes":
                    #"[{"name":"V"},{"name":"s","secret":{"defaultMode":999}},{"name":"s","hostPath":{"path":"/a/../b"},"emptyDir":{}},{"hostPath":{"path":"/a","type":"X"}}]"#
            ],
            "spec.volumes[0].name: Invalid value: \"V\": \(Words.label)",
            "spec.volumes[1].secret.secretName: Required value",
            "spec.volumes[1].secret.defaultMode: Invalid value: 999: must be a number between 0 and 0777 (octal), both "
                + "inclusive",
            "spec.volumes[2].hostPath: Forbidden: may not specify more than 1 volume type",
            "spec.volumes[2].name: Duplicate value: \"s\"",
            "spec.volumes[3].hostPath.type: Unsupported value: \"X\": supported values: \"\", \"BlockDevice\", "
                + "\"CharDevice\", \"Directory\", \"DirectoryOrCreate\", \"File\", \"FileOrCreate\", \"Socket\"",
            "spec.volumes[3].name: Required value"),
        RuleRow(
            [
                "spec.containers":
                    #"[{"name":"a","image":"x","resources":{"limits":{"cpu":"1","memory":"-1","foo":"1","a/b":"1500m"},"requests":{"cpu":"2"}}}]"#
            ],
            "spec.containers[0].resources.limits[a/b]: Invalid value: \"1500m\": must be an integer",
            "spec.containers[0].resources.limits[foo]: Invalid value: \"foo\": must be a standard resource type or fully "
                + "qualified",
            "spec.containers[0].resources.limits[foo]: Invalid value: \"foo\": must be a standard resource for "
                + "containers",
            "spec.containers[0].resources.limits[memory]: Invalid value: \"-1\": must be greater than or equal to 0",
            "spec.containers[0].resources.requests[a/b]: Invalid value: \"1500m\": must be an integer",
            "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1",
            "spec.containers[0].resources.requests[foo]: Invalid value: \"foo\": must be a standard resource type or "
                + "fully qualified",
            "spec.containers[0].resources.requests[foo]: Invalid value: \"foo\": must be a standard resource for "
                + "containers",
            "spec.containers[0].resources.requests[memory]: Invalid value: \"-1\": must be greater than or equal to 0"),
        RuleRow(
            [
                "spec.containers":
                    #"[{"name":"a","image":"x","livenessProbe":{"successThreshold":2},"readinessProbe":{"httpGet":{"port":0,"scheme":"X"},"tcpSocket":{"port":1},"periodSeconds":-1},"lifecycle":{"preStop":{"exec":{}}}}]"#
            ],
            "spec.containers[0].lifecycle.preStop.exec.command: Required value",
            "spec.containers[0].livenessProbe: Required value: must specify a handler type",
            "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
            "spec.containers[0].readinessProbe.httpGet.port: Invalid value: 0: \(Words.port)",
            "spec.containers[0].readinessProbe.httpGet.scheme: Unsupported value: \"X\": supported values: \"HTTP\", "
                + "\"HTTPS\"",
            "spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
            "spec.containers[0].readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0"),
        RuleRow(
            [
                "spec.containers":
                    #"[{"name":"a","image":"x","securityContext":{"runAsUser":-1,"allowPrivilegeEscalation":false,"privileged":true}}]"#
            ],
            "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
            "spec.containers[0].securityContext: Invalid value: {\"allowPrivilegeEscalation\":false,\"privileged\":true,"
                + "\"runAsUser\":-1}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true"),
    ])
    func partsOfContainers(row: RuleRow) throws { #expect(try row.complaints("po", Self.base) == row.expected) }

    @Test(arguments: [
        RuleRow(
            ["spec.restartPolicy": #""X""#, "spec.dnsPolicy": #""Y""#],
            "spec.restartPolicy: Unsupported value: \"X\": supported values: \"Always\", \"OnFailure\", \"Never\"",
            "spec.dnsPolicy: Unsupported value: \"Y\": supported values: \"ClusterFirstWithHostNet\", \"ClusterFirst\", "
                + "\"Default\", \"None\""),
        RuleRow(
            ["spec.dnsPolicy": #""None""#],
            "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"),
        RuleRow(
            [
                "spec.dnsConfig":
                    #"{"nameservers":["1.1.1.1","x","2.2.2.2","3.3.3.3"],"searches":["_a.b.","A"],"options":[{}]}"#
            ],
            "spec.dnsConfig.nameservers: Invalid value: [\"1.1.1.1\",\"x\",\"2.2.2.2\",\"3.3.3.3\"]: must not have more "
                + "than 3 nameservers", "spec.dnsConfig.nameservers[1]: Invalid value: \"x\": \(Words.address)",
            "spec.dnsConfig.searches[1]: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case "
                + "alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. "
                + "'example.com', regex used for validation is "
                + #"'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')"#,
            "spec.dnsConfig.options[0]: Required value: must not be empty"),
        RuleRow(
            ["spec.nodeName": #""N""#, "spec.hostname": #""a.b""#, "spec.activeDeadlineSeconds": "0"],
            "spec.nodeName: Invalid value: \"N\": \(Words.subdomain)",
            "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
            "spec.hostname: Invalid value: \"a.b\": must not contain dots"),
        RuleRow(
            [
                "spec.tolerations":
                    #"[{"value":"x"},{"key":"a","operator":"Exists","value":"v"},{"key":"a","effect":"X","tolerationSeconds":1},{"key":"b","operator":"Y"}]"#
            ],
            "spec.tolerations[0].operator: Invalid value: \"\": operator must be Exists when `key` is empty, which means "
                + "\"match all values and all keys\"",
            "spec.tolerations[1].operator: Invalid value: \"v\": value must be empty when `operator` is 'Exists'",
            "spec.tolerations[2].effect: Invalid value: \"X\": effect must be 'NoExecute' when `tolerationSeconds` is set",
            "spec.tolerations[2].effect: Unsupported value: \"X\": supported values: \"NoSchedule\", "
                + "\"PreferNoSchedule\", \"NoExecute\"",
            "spec.tolerations[3].operator: Unsupported value: \"Y\": supported values: \"Equal\", \"Exists\""),
        RuleRow(
            [
                "spec.affinity":
                    #"{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"In"},{"key":"a","operator":"Gt"}],"matchFields":[{"key":"x","operator":"In","values":["n"]}]}]},"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":0,"preference":{}}]},"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"zone","labelSelector":{"matchExpressions":[{"key":"a","operator":"X"}]}}]}}"#
            ],
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"
                + ".matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"
                + ".matchExpressions[1].values: Required value: must be specified single value when `operator` is 'Lt' or "
                + "'Gt'",
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0]"
                + ".key: Invalid value: \"x\": not a valid field selector key",
            "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must "
                + "be in the range 1-100",
            "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector"
                + ".matchExpressions[0].operator: Invalid value: \"X\": not a valid selector operator"),
        RuleRow(
            [
                "spec.topologySpreadConstraints":
                    #"[{"maxSkew":0,"whenUnsatisfiable":"X"},{"maxSkew":1,"topologyKey":"z","whenUnsatisfiable":"ScheduleAnyway","minDomains":2}]"#
            ],
            "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
            "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
            "spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"X\": supported values: "
                + "\"DoNotSchedule\", \"ScheduleAnyway\"",
            "spec.topologySpreadConstraints[1].minDomains: Invalid value: 2: can only use minDomains if "
                + "whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway"),
        RuleRow(
            ["spec.hostAliases": #"[{"ip":"x","hostnames":["A"]}]"#],
            "spec.hostAliases[0].ip: Invalid value: \"x\": \(Words.address)",
            "spec.hostAliases[0].hostnames[0]: Invalid value: \"A\": \(Words.subdomain)"),
        RuleRow(
            ["spec.schedulingGates": #"[{"name":"a/b"},{"name":"a/b"}]"#, "spec.nodeName": #""n""#],
            "spec.schedulingGates[1]: Duplicate value: \"a/b\"",
            "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared"),
        RuleRow(
            ["spec.ephemeralContainers": #"[{"name":"e","image":"x"}]"#],
            "spec.ephemeralContainers: Forbidden: cannot be set on create"),
    ])
    func specs(row: RuleRow) throws { #expect(try row.complaints("po", Self.base) == row.expected) }

    private static let fields =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
        + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"

    @Test(arguments: [
        RuleRow([
            "spec.containers": #"[{"name":"a","image":"x:2","imagePullPolicy":"IfNotPresent"}]"#,
            "metadata.labels": #"{"a":"b"}"#,
        ]),
        RuleRow(["spec.activeDeadlineSeconds": "5"]),
        RuleRow(["spec.hostNetwork": "false", "spec.nodeSelector": "{}", "spec.volumes": "[]"]),
        RuleRow(
            ["spec.containers": "[]"], "spec.containers: Required value",
            "spec.containers: Forbidden: pod updates may not add or remove containers"),
        RuleRow(
            ["spec.nodeName": #""n""#],
            """
            spec: Forbidden: \(fields)@@ -11,6 +11,7 @@
              ],
              "dnsPolicy": "ClusterFirst",
              "enableServiceLinks": true,
            + "nodeName": "n",
              "preemptionPolicy": "PreemptLowerPriority",
              "priority": 0,
              "restartPolicy": "Always",

            """),
        RuleRow(
            ["spec.containers": #"[{"name":"b","image":"x:1"}]"#, "spec.restartPolicy": #""Never""#],
            """
            spec: Forbidden: \(fields)@@ -3,7 +3,7 @@
               {
                "image": "x:1",
                "imagePullPolicy": "IfNotPresent",
            -   "name": "a",
            +   "name": "b",
                "resources": {},
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File"
            @@ -13,7 +13,7 @@
              "enableServiceLinks": true,
              "preemptionPolicy": "PreemptLowerPriority",
              "priority": 0,
            - "restartPolicy": "Always",
            + "restartPolicy": "Never",
              "schedulerName": "default-scheduler",
              "securityContext": {},
              "serviceAccount": "default",

            """),
        RuleRow(
            ["spec.tolerations": #"[{"key":"a","operator":"Exists"}]"#],
            "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"),
    ])
    func changes(row: RuleRow) throws {
        let rules = try KindTable.row("po")
        let before = try rules.written(Self.base)
        var now = before
        for (path, json) in row.changes {
            now[path.split(separator: ".").map { String($0) }] = try JSONValue(json: Array(json.utf8))
        }
        rules.setDefaults(&now)
        rules.prepare(&now, before)
        #expect(rules.failures(now, before).map(\.description) == row.expected)
        #expect(now.generation == (now.spec.says(theSameAs: before.spec) ? 1 : 2))
    }

    @Test func tolerationsAreAddedAndTheirSecondsChanged() throws {
        let rules = try KindTable.row("po")
        let before = try rules.written(Self.base)
        var now = before
        now.edit("spec") { spec in
            spec.editEach("tolerations") { $0["tolerationSeconds"] = 5 }
            spec["tolerations"] = .array(spec.list("tolerations") + [["key": "x", "operator": "Exists"]])
        }
        #expect(rules.failures(now, before).isEmpty)
    }

    @Test(arguments: [
        RuleRow([
            "status": #"{"phase":"Running","qosClass":"BestEffort","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]}"#
        ]),
        RuleRow(
            ["status": #"{"podIPs":[{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}]}"#],
            "status.podIPs: Invalid value: [{\"ip\":\"10.0.0.1\"},{\"ip\":\"10.0.0.2\"}]: may specify no more than one IP "
                + "for each IP family"),
        RuleRow(
            ["status": #"{"qosClass":"Guaranteed","hostIP":"192.0.2.1","hostIPs":[{"ip":"192.0.2.2"}],"podIP":"x"}"#],
            "status.qosClass: Invalid value: \"Guaranteed\": field is immutable",
            "status.podIPs[0]: Invalid value: \"x\": \(Words.address)",
            "status.hostIPs[0].ip: Invalid value: \"192.0.2.2\": must be equal to `hostIP`"),
        RuleRow(
            ["status": #"{"conditions":[{"type":"a b"}],"nominatedNodeName":"N"}"#],
            "status.conditions[0].Type: Invalid value: \"a b\": \(Words.key)",
            "status.nominatedNodeName: Invalid value: \"N\": \(Words.subdomain)"),
    ])
    func status(row: RuleRow) throws {
        #expect(try row.complaints("po", Self.base, over: Self.base, ofStatus: true) == row.expected)
    }

    @Test func containersStayAtTheirEnd() throws {
        let rules = try KindTable.row("po")
        func pod(_ policy: String, _ state: String) throws -> Unstructured {
            try object(
                #"{"metadata":{"name":"p","namespace":"d"},"spec":{"restartPolicy":"\#(policy)","containers":[{"name":"a"}]},"status":{"containerStatuses":[{"name":"a","state":\#(state)}]}}"#
            )
        }
        let (failed, running) = (#"{"terminated":{"exitCode":1}}"#, #"{"running":{}}"#)
        let message = "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"
        for (policy, expected) in [("Always", []), ("OnFailure", []), ("Never", [message])] {
            let failures = rules.statusFailures(try pod(policy, running), try pod(policy, failed))
            #expect(failures.map(\.description) == expected)
        }
    }

    @Test func gracePeriods() throws {
        func pod(_ node: String, _ phase: String, _ seconds: Int) throws -> Unstructured {
            try object(
                #"{"spec":{"nodeName":"\#(node)","terminationGracePeriodSeconds":\#(seconds)},"status":{"phase":"\#(phase)"}}"#
            )
        }
        #expect(PodRules.gracePeriodSeconds(try pod("n", "Running", 30), requested: nil) == 30)
        #expect(PodRules.gracePeriodSeconds(try pod("n", "Running", 30), requested: 0) == 0)
        #expect(PodRules.gracePeriodSeconds(try pod("", "Pending", 30), requested: 10) == 0)
        #expect(PodRules.gracePeriodSeconds(try pod("n", "Succeeded", 30), requested: nil) == 0)
        #expect(PodRules.gracePeriodSeconds(try pod("n", "Running", -5), requested: nil) == 1)
    }

    @Test func whatIsTheNodesToWrite() throws {
        let rules = try KindTable.row("po")
        let before = try rules.written(Self.base)
        var now = before
        now["status"] = ["phase": "Running"]
        now[["spec", "nodeName"]] = "n"
        now.ownerReferences = [["kind": "X"]]
        now.labels = ["a": "b"]
        rules.prepareStatus(&now, before)
        #expect(now.spec == before.spec && now.ownerReferences.isEmpty && now.labels == ["a": "b"])
        #expect(now.status == ["phase": "Running", "qosClass": "BestEffort"])
    }
}
