import KubeAPI
import Testing

@testable import APIMachinery

@Suite struct WorkloadRulesTests {
    private static func base(_ more: String = "") -> String {
        """
        {"metadata":{"name":"a","namespace":"d"},"spec":{\(more)"selector":{"matchLabels":{"app":"a"}},"template":\
        {"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"c","image":"x:1"}]}}}}
        """
    }
    private static let fit = "`selector` does not match template `labels`"

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(["spec.replicas": "-1"], "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        RuleRow(["spec.selector": "-"], "spec.selector: Required value"),
        RuleRow(["spec.selector": "{}"], "spec.selector: Invalid value: {}: empty selector is invalid for deployment"),
        RuleRow(
            ["spec.selector": #"{"matchLabels":{"app":"b"}}"#],
            "spec.template.metadata.labels: Invalid value: {\"app\":\"a\"}: \(fit)"),
        RuleRow(
            ["spec.selector": #"{"matchExpressions":[{"key":"app","operator":"Is"}]}"#],
            "spec.selector.matchExpressions[0].operator: Invalid value: \"Is\": not a valid selector operator",
            "spec.selector: Invalid value: {\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"Is\"}]}: invalid label "
                + "selector"),
        RuleRow(
            ["spec.template.spec.restartPolicy": #""Never""#, "spec.template.spec.activeDeadlineSeconds": "5"],
            "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"",
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported"),
        RuleRow(["spec.template.spec.containers": "[]"], "spec.template.spec.containers: Required value"),
        RuleRow(
            ["spec.template.metadata.labels": #"{"app":"a","b c":"-"}"#],
            "spec.template.labels: Invalid value: \"b c\": \(Words.key)",
            "spec.template.labels: Invalid value: \"-\": \(Words.labelValue)"),
        RuleRow([
            "spec.template.spec.hostNetwork": "true",
            "spec.template.spec.containers": #"[{"name":"c","image":"x","ports":[{"containerPort":80}]}]"#,
        ]),
        RuleRow(
            ["spec.strategy": #"{"type":"Recreate","rollingUpdate":{}}"#],
            "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"),
        RuleRow(
            ["spec.strategy": #"{"type":"X"}"#],
            "spec.strategy: Unsupported value: {\"type\":\"X\"}: supported values: \"Recreate\", \"RollingUpdate\""),
        RuleRow(
            ["spec.strategy": #"{"rollingUpdate":{"maxUnavailable":0,"maxSurge":"0%"}}"#],
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0"),
        RuleRow(
            ["spec.strategy": #"{"rollingUpdate":{"maxUnavailable":"101%","maxSurge":"x"}}"#],
            "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"x\": a valid percent string must be a numeric string "
                + "followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%"),
        RuleRow(
            ["spec.progressDeadlineSeconds": "5", "spec.minReadySeconds": "5", "spec.revisionHistoryLimit": "-1"],
            "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
            "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds"),
    ])
    func deployments(row: RuleRow) throws { #expect(try row.complaints("deploy", Self.base()) == row.expected) }

    @Test func theSelectorStays() throws {
        let row = RuleRow([
            "spec.selector": #"{"matchLabels":{"app":"b"}}"#, "spec.template.metadata.labels": #"{"app":"b"}"#,
        ])
        let message = "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"b\"}}: field is immutable"
        for kind in ["deploy", "rs", "ds"] {
            #expect(try row.complaints(kind, Self.base(), over: Self.base()) == [message], "\(kind)")
        }
        #expect(
            try row.complaints("sts", Self.base(), over: Self.base()) == [
                "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                    + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
                    + "'minReadySeconds' are forbidden"
            ])
    }

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(
            ["spec.replicas": "-1", "spec.minReadySeconds": "-2"],
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            "spec.minReadySeconds: Invalid value: -2: must be greater than or equal to 0"),
        RuleRow(["spec.selector": "-"], "spec.selector: Required value"),
        RuleRow(["spec.selector": "{}"], "spec.selector: Invalid value: {}: empty selector is invalid for deployment"),
        RuleRow(
            ["spec.template": #"{"spec":{"containers":[{"name":"c","image":"x"}]}}"#],
            "spec.template.metadata.labels: Invalid value: null: \(fit)"),
        RuleRow(
            ["spec.template.spec.restartPolicy": #""OnFailure""#],
            "spec.template.spec.restartPolicy: Unsupported value: \"OnFailure\": supported values: \"Always\""),
    ])
    func replicaSets(row: RuleRow) throws { #expect(try row.complaints("rs", Self.base()) == row.expected) }

    @Test(arguments: [
        RuleRow(["status": #"{"replicas":2,"readyReplicas":2,"availableReplicas":1}"#]),
        RuleRow(
            ["status": #"{"replicas":1,"readyReplicas":2,"availableReplicas":3}"#],
            "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas"),
        RuleRow(
            ["status": #"{"observedGeneration":-1}"#],
            "status.observedGeneration: Invalid value: -1: must be greater than or equal to 0"),
    ])
    func counts(row: RuleRow) throws {
        for kind in ["deploy", "rs"] {
            #expect(try row.complaints(kind, Self.base(), over: Self.base(), ofStatus: true) == row.expected)
        }
    }

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(["spec.selector": "{}"], "spec.selector: Invalid value: {}: empty selector is invalid for daemonset"),
        RuleRow(
            ["spec.updateStrategy": #"{"type":"X"}"#],
            "spec.updateStrategy: Unsupported value: {\"type\":\"X\"}: supported values: \"RollingUpdate\", \"OnDelete\""
        ),
        RuleRow(
            ["spec.updateStrategy": #"{"rollingUpdate":{"maxUnavailable":1,"maxSurge":1}}"#],
            "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero"
        ),
        RuleRow(
            ["spec.updateStrategy": #"{"rollingUpdate":{"maxUnavailable":0}}"#],
            "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"),
        RuleRow(
            ["spec.template.spec.activeDeadlineSeconds": "5"],
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported"),
    ])
    func daemonSets(row: RuleRow) throws { #expect(try row.complaints("ds", Self.base()) == row.expected) }

    @Test func aDaemonSetCountsItsTemplates() throws {
        let rules = try KindTable.row("ds")
        let first = try rules.written(Self.base())
        var second = first
        second[["spec", "template", "spec", "containers"]] = [["name": "c", "image": "y:1"]]
        rules.setDefaults(&second)
        rules.prepare(&second, first)
        #expect(second.annotations == ["deprecated.daemonset.template.generation": "2"] && second.generation == 2)
        var third = second
        third[["spec", "minReadySeconds"]] = 3
        rules.prepare(&third, second)
        #expect(third.annotations == ["deprecated.daemonset.template.generation": "2"] && third.generation == 3)
    }

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(["metadata.name": #""a.b""#], "metadata.name: Invalid value: \"a.b\": must not contain dots"),
        RuleRow(
            ["spec.podManagementPolicy": #""X""#],
            "spec.podManagementPolicy: Invalid value: \"X\": must be 'OrderedReady' or 'Parallel'"),
        RuleRow(
            ["spec.updateStrategy": #"{"type":"OnDelete","rollingUpdate":{"partition":1}}"#],
            "spec.updateStrategy.rollingUpdate: Invalid value: {\"partition\":1}: only allowed for updateStrategy "
                + "'RollingUpdate'"),
        RuleRow(
            ["spec.updateStrategy": #"{"type":"RollingUpdate","rollingUpdate":{"partition":-1}}"#],
            "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0"),
        RuleRow(
            ["spec.persistentVolumeClaimRetentionPolicy": #"{"whenDeleted":"X"}"#],
            "spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: \"X\": supported values: "
                + "\"Retain\", \"Delete\""),
        RuleRow(["spec.serviceName": #""A""#], "spec.serviceName: Invalid value: \"A\": \(Words.label)"),
        RuleRow([
            "spec.volumeClaimTemplates": #"[{"metadata":{"name":"v"},"spec":{}}]"#,
            "spec.template.spec.containers":
                #"[{"name":"c","image":"x","volumeMounts":[{"name":"v","mountPath":"/v"}]}]"#,
        ]),
    ])
    func statefulSets(row: RuleRow) throws { #expect(try row.complaints("sts", Self.base()) == row.expected) }

    private static let job = """
        {"metadata":{"name":"a","namespace":"d","uid":"u"},"spec":{"template":{"spec":{"restartPolicy":"Never",\
        "containers":[{"name":"c","image":"x:1"}]}}}}
        """

    @Test(arguments: [
        RuleRow([:]),
        RuleRow(
            ["spec.template.spec.restartPolicy": "-"],
            "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\""),
        RuleRow(
            ["spec.parallelism": "-1", "spec.completions": "-2", "spec.backoffLimit": "-3"],
            "spec.parallelism: Invalid value: -1: must be greater than or equal to 0",
            "spec.completions: Invalid value: -2: must be greater than or equal to 0",
            "spec.backoffLimit: Invalid value: -3: must be greater than or equal to 0"),
        RuleRow(
            ["spec.completionMode": #""X""#],
            "spec.completionMode: Unsupported value: \"X\": supported values: \"NonIndexed\", \"Indexed\""),
        RuleRow(
            ["spec.completionMode": #""Indexed""#, "spec.parallelism": "1"],
            "spec.completions: Required value: when completion mode is Indexed"),
        RuleRow(
            ["spec.maxFailedIndexes": "1"],
            "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
            "spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode"),
        RuleRow(
            ["spec.template.metadata.labels": #"{"job-name":"b"}"#],
            "spec.template.metadata.labels[job-name]: Invalid value: {\"batch.kubernetes.io/controller-uid\":\"u\","
                + "\"batch.kubernetes.io/job-name\":\"a\",\"controller-uid\":\"u\",\"job-name\":\"b\"}: must be 'a'"),
        RuleRow(
            ["spec.selector": #"{"matchLabels":{"a":"b"}}"#],
            "spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\",\"batch.kubernetes.io/controller-uid\":\"u\"}}: "
                + "`selector` not auto-generated",
            "spec.template.metadata.labels: Invalid value: {\"batch.kubernetes.io/controller-uid\":\"u\","
                + "\"batch.kubernetes.io/job-name\":\"a\",\"controller-uid\":\"u\",\"job-name\":\"a\"}: \(fit)"),
        RuleRow(
            ["spec.manualSelector": "true"], "spec.selector: Required value"),
    ])
    func jobs(row: RuleRow) throws { #expect(try row.complaints("job", Self.job) == row.expected) }

    @Test func whatOfAJobMayChange() throws {
        let rules = try KindTable.row("job")
        let before = try rules.written(Self.job)
        var now = before
        now[["spec", "parallelism"]] = 4
        now[["spec", "suspend"]] = true
        #expect(rules.failures(now, before).isEmpty)
        now[["spec", "completions"]] = 4
        now[["spec", "template", "spec", "nodeName"]] = "n"
        let told = rules.failures(now, before)
        #expect(told.map(\.path) == ["spec.completions", "spec.template"])
        #expect(told.allSatisfy { $0.text.hasSuffix(": field is immutable") })
    }

    private static let cron = """
        {"metadata":{"name":"a","namespace":"d"},"spec":{"schedule":"* * * * *","jobTemplate":{"spec":{"template":{"spec":\
        {"restartPolicy":"Never","containers":[{"name":"c","image":"x:1"}]}}}}}}
        """

    @Test(arguments: [
        RuleRow([:]), RuleRow(["spec.schedule": #""@daily""#]),
        RuleRow(["spec.schedule": #""*/5 0-6,8 1 jan-mar MON""#]),
        RuleRow(["spec.schedule": #""""#], "spec.schedule: Required value"),
        RuleRow(
            ["spec.schedule": #""* *""#],
            "spec.schedule: Invalid value: \"* *\": expected exactly 5 fields, found 2: [* *]"),
        RuleRow(
            ["spec.schedule": #""70 * * * *""#],
            "spec.schedule: Invalid value: \"70 * * * *\": end of range (70) above maximum (59): 70"),
        RuleRow(
            ["spec.schedule": #""x * * * *""#],
            "spec.schedule: Invalid value: \"x * * * *\": failed to parse int from x: strconv.Atoi: parsing \"x\": invalid "
                + "syntax"),
        RuleRow(
            ["spec.schedule": #""* * 0 * *""#],
            "spec.schedule: Invalid value: \"* * 0 * *\": beginning of range (0) below minimum (1): 0"),
        RuleRow(
            ["spec.schedule": #""5-3 * * * *""#],
            "spec.schedule: Invalid value: \"5-3 * * * *\": beginning of range (5) beyond end of range (3): 5-3"),
        RuleRow(
            ["spec.schedule": #""*/0 * * * *""#],
            "spec.schedule: Invalid value: \"*/0 * * * *\": step of range should be a positive number: */0"),
        RuleRow(
            ["spec.schedule": #""1-2-3 * * * *""#],
            "spec.schedule: Invalid value: \"1-2-3 * * * *\": too many hyphens: 1-2-3"),
        RuleRow(
            ["spec.schedule": #""@often""#],
            "spec.schedule: Invalid value: \"@often\": unrecognized descriptor: @often"),
        RuleRow(
            ["spec.schedule": #""TZ=UTC 0 * * * *""#],
            "spec.schedule: Invalid value: \"TZ=UTC 0 * * * *\": cannot use TZ or CRON_TZ in schedule, use timeZone field "
                + "instead"),
        RuleRow(["spec.timeZone": #""Europe/Berlin""#]),
        RuleRow(["spec.timeZone": #""../x""#], "spec.timeZone: Invalid value: \"../x\": unknown time zone ../x"),
        RuleRow(
            ["spec.concurrencyPolicy": #""X""#],
            "spec.concurrencyPolicy: Unsupported value: \"X\": supported values: \"Allow\", \"Forbid\", \"Replace\""),
        RuleRow(
            ["spec.jobTemplate.spec.template.spec.restartPolicy": "-"],
            "spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\""),
        RuleRow(
            ["spec.jobTemplate.spec.manualSelector": "true"],
            "spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: \"nil\", \"false\""),
        RuleRow(
            ["metadata.name": #""a123456789a123456789a123456789a123456789a123456789abc""#],
            "metadata.name: Invalid value: \"a123456789a123456789a123456789a123456789a123456789abc\": must be no more than "
                + "52 characters"),
    ])
    func cronJobs(row: RuleRow) throws { #expect(try row.complaints("cj", Self.cron) == row.expected) }

    @Test(arguments: [
        RuleRow(["spec.minAvailable": "1"]),
        RuleRow(
            ["spec.minAvailable": "1", "spec.maxUnavailable": #""101%""#],
            "spec: Invalid value: {\"maxUnavailable\":\"101%\",\"minAvailable\":1}: minAvailable and maxUnavailable cannot "
                + "be both set", "spec.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%"),
        RuleRow(
            ["spec.minAvailable": "-1"], "spec.minAvailable: Invalid value: -1: must be greater than or equal to 0"),
        RuleRow(
            ["spec.unhealthyPodEvictionPolicy": #""X""#],
            "spec.unhealthyPodEvictionPolicy: Unsupported value: \"X\": supported values: \"AlwaysAllow\", "
                + "\"IfHealthyBudget\""),
    ])
    func budgets(row: RuleRow) throws {
        #expect(try row.complaints("pdb", #"{"metadata":{"name":"a","namespace":"d"},"spec":{}}"#) == row.expected)
    }

    @Test func generationsGrowWithWhatIsWished() throws {
        let rules = try KindTable.row("deploy")
        let first = try rules.written(Self.base())
        #expect(first.generation == 1)
        func generation(_ change: (inout Unstructured) -> Void) -> Int {
            var next = first
            change(&next)
            next.generation = 77
            rules.prepare(&next, first)
            return next.generation
        }
        #expect(generation { $0.labels = ["a": "b"] } == 1)
        #expect(generation { $0.annotations = ["a": "b"] } == 2)
        #expect(generation { $0[["spec", "replicas"]] = 0 } == 2)
        #expect(generation { $0["status"] = ["replicas": 3] } == 1)
        #expect(generation { $0[["spec", "paused"]] = false } == 1)
        #expect(generation { $0[["spec", "paused"]] = true } == 2)
        // The status of a deployment leaves its labels alone, too.
        var written = first
        written.labels = ["a": "b"]
        written["status"] = ["replicas": 1]
        rules.prepareStatus(&written, first)
        #expect(written.labels.isEmpty && written.status == ["replicas": 1] && written.generation == 1)
        let slices = try KindTable.row("endpointslice")
        let slice = try slices.written(#"{"metadata":{"name":"a"},"addressType":"IPv4","endpoints":[]}"#)
        var next = slice
        next.labels = ["a": "b"]
        slices.prepare(&next, slice)
        #expect(slice.generation == 1 && next.generation == 2)
    }
}
