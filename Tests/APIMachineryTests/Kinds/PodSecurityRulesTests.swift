import KubeAPI
import Testing

@testable import APIMachinery

/// Rules for how pods are kept apart from the node, and for what they claim of it.
@Suite struct PodSecurityRulesTests {
    private static let base =
        #"{"metadata":{"name":"p","namespace":"d"},"spec":{"containers":[{"name":"a","image":"x:1"}]}}"#

    private static func container(_ rest: String) -> [String: String] {
        ["spec.containers": #"[{"name":"a","image":"x:1",\#(rest)}]"#]
    }

    private static let types = #""Localhost", "RuntimeDefault", "Unconfined""#
    private static let windows = "Forbidden: cannot be set for a windows pod"

    @Test(arguments: [
        RuleRow(["spec.securityContext": #"{"seccompProfile":{"type":"RuntimeDefault"}}"#]),
        RuleRow(["spec.securityContext": #"{"seccompProfile":{"type":"Localhost","localhostProfile":"a/b.json"}}"#]),
        RuleRow(
            ["spec.securityContext": #"{"seccompProfile":{}}"#],
            "spec.securityContext.seccompProfile.type: Required value: type is required when seccompProfile is set"),
        RuleRow(
            ["spec.securityContext": #"{"seccompProfile":{"type":"X"}}"#],
            "spec.securityContext.seccompProfile.type: Unsupported value: \"X\": supported values: \(types)"),
        RuleRow(
            ["spec.securityContext": #"{"seccompProfile":{"type":"Localhost"}}"#],
            "spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is "
                + "Localhost"),
        RuleRow(
            ["spec.securityContext": #"{"seccompProfile":{"type":"Localhost","localhostProfile":"/a/../b"}}"#],
            "spec.securityContext.seccompProfile.localhostProfile: Invalid value: \"/a/../b\": must be a relative path",
            "spec.securityContext.seccompProfile.localhostProfile: Invalid value: \"/a/../b\": must not contain '..'"),
        RuleRow(
            container(#""securityContext":{"seccompProfile":{"type":"Unconfined","localhostProfile":"a"}}"#),
            "spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: "
                + #"{"localhostProfile":"a","type":"Unconfined"}: can only be set when seccomp type is Localhost"#),
        RuleRow(["spec.securityContext": #"{"appArmorProfile":{"type":"Localhost","localhostProfile":"a"}}"#]),
        RuleRow(
            container(#""securityContext":{"appArmorProfile":{}}"#),
            "spec.containers[0].securityContext.appArmorProfile.type: Required value: type is required when "
                + "appArmorProfile is set"),
        RuleRow(
            container(#""securityContext":{"appArmorProfile":{"type":"X"}}"#),
            "spec.containers[0].securityContext.appArmorProfile.type: Unsupported value: \"X\": supported values: "
                + types),
        RuleRow(
            container(#""securityContext":{"appArmorProfile":{"type":"Localhost"}}"#),
            "spec.containers[0].securityContext.appArmorProfile.localhostProfile: Required value: must be set when "
                + "AppArmor type is Localhost"),
        RuleRow(
            container(#""securityContext":{"appArmorProfile":{"type":"Localhost","localhostProfile":" a"}}"#),
            "spec.containers[0].securityContext.appArmorProfile.localhostProfile: Invalid value: \" a\": must not be "
                + "padded with whitespace"),
        RuleRow(
            container(#""securityContext":{"appArmorProfile":{"type":"RuntimeDefault","localhostProfile":"a"}}"#),
            "spec.containers[0].securityContext.appArmorProfile.localhostProfile: Invalid value: \"a\": can only be set "
                + "when AppArmor type is Localhost"),
        RuleRow(
            [
                "spec.securityContext":
                    #"{"fsGroupChangePolicy":"X","supplementalGroupsPolicy":"Y","seLinuxChangePolicy":"Z"}"#
            ],
            "spec.securityContext.fsGroupChangePolicy: Unsupported value: \"X\": supported values: \"Always\", "
                + "\"OnRootMismatch\"",
            "spec.securityContext.supplementalGroupsPolicy: Unsupported value: \"Y\": supported values: \"Merge\", "
                + "\"Strict\"",
            "spec.securityContext.seLinuxChangePolicy: Unsupported value: \"Z\": supported values: \"MountOption\", "
                + "\"Recursive\""),
        RuleRow(["spec.hostUsers": "true", "spec.hostPID": "true"]),
        RuleRow(
            ["spec.hostUsers": "false", "spec.hostPID": "true", "spec.hostIPC": "true", "spec.hostNetwork": "true"],
            "spec.hostNetwork: Forbidden: when `hostUsers` is false",
            "spec.HostPID: Forbidden: when `hostUsers` is false",
            "spec.HostIPC: Forbidden: when `hostUsers` is false"),
        RuleRow(
            ["spec.hostnameOverride": #""A""#, "spec.setHostnameAsFQDN": "true"],
            "spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true",
            "spec.hostnameOverride: Invalid value: \"A\": \(Words.subdomain)"),
    ])
    func isolation(row: RuleRow) throws { #expect(try row.complaints("po", Self.base) == row.expected) }

    @Test(arguments: [
        RuleRow(["spec.os": #"{"name":"linux"}"#]), RuleRow(["spec.os": #"{"name":"windows"}"#]),
        RuleRow(["spec.os": "{}"], "spec.os.name: Required value"),
        RuleRow(
            ["spec.os": #"{"name":"X"}"#],
            "spec.os: Unsupported value: \"X\": supported values: \"linux\", \"windows\""),
        RuleRow(
            container(#""securityContext":{"windowsOptions":{}}"#).merging(["spec.os": #"{"name":"linux"}"#]) { $1 },
            "spec.containers[0].securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod"
        ),
        RuleRow(
            container(#""securityContext":{"privileged":true,"runAsUser":1}"#).merging([
                "spec.os": #"{"name":"windows"}"#, "spec.hostPID": "true",
                "spec.securityContext": #"{"fsGroup":1,"seccompProfile":{"type":"Unconfined"}}"#,
            ]) { $1 }, "spec.hostPID: \(windows)", "spec.securityContext.seccompProfile: \(windows)",
            "spec.securityContext.fsGroup: \(windows)", "spec.containers[0].securityContext.privileged: \(windows)",
            "spec.containers[0].securityContext.runAsUser: \(windows)"),
        RuleRow(
            ["spec.securityContext": #"{"windowsOptions":{"hostProcess":true,"runAsUserName":""}}"#],
            "spec.securityContext.windowsOptions.runAsUserName: Invalid value: \"\": runAsUserName cannot be an empty string",
            "spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers"
        ),
        RuleRow(
            container(#""securityContext":{"windowsOptions":{"hostProcess":false}}"#).merging([
                "spec.securityContext": #"{"windowsOptions":{"hostProcess":true}}"#
            ]) { $1 },
            "spec.containers[0].securityContext.windowsOptions.hostProcess: Invalid value: false: pod hostProcess value "
                + "must be identical if both are specified, was true"),
    ])
    func systems(row: RuleRow) throws { #expect(try row.complaints("po", Self.base) == row.expected) }

    @Test(arguments: [
        RuleRow(
            container(#""resources":{"claims":[{"name":"gpu"}]}"#).merging([
                "spec.resourceClaims": #"[{"name":"gpu","resourceClaimName":"a"}]"#
            ]) { $1 }),
        RuleRow(
            [
                "spec.resourceClaims":
                    #"[{},{"name":"A","resourceClaimName":"B"},{"name":"a","resourceClaimName":"b","resourceClaimTemplateName":"c"},{"name":"a","resourceClaimTemplateName":"c"}]"#
            ],
            "spec.resourceClaims[0].name: Required value",
            "spec.resourceClaims[0]: Invalid value: {}: must specify one of: `resourceClaimName`, "
                + "`resourceClaimTemplateName`", "spec.resourceClaims[1].name: Invalid value: \"A\": \(Words.label)",
            "spec.resourceClaims[1].resourceClaimName: Invalid value: \"B\": \(Words.subdomain)",
            "spec.resourceClaims[2]: Invalid value: "
                + #"{"name":"a","resourceClaimName":"b","resourceClaimTemplateName":"c"}: at most one of "#
                + "`resourceClaimName` or `resourceClaimTemplateName` may be specified",
            "spec.resourceClaims[3].name: Duplicate value: \"a\""),
        RuleRow(
            container(#""resources":{"claims":[{},{"name":"x"}]}"#),
            "spec.containers[0].resources.claims[0]: Required value",
            "spec.containers[0].resources.claims[1]: Not found: \"x\": must be one of the names in "
                + "pod.spec.resourceClaims which is empty"),
        RuleRow(
            container(#""resources":{"claims":[{"name":"x"},{"name":"x","request":"r"},{"name":"y"}]}"#).merging([
                "spec.resourceClaims": #"[{"name":"x","resourceClaimName":"a"},{"name":"z","resourceClaimName":"a"}]"#
            ]) { $1 }, "spec.containers[0].resources.claims[1]: Duplicate value: \"x\"",
            "spec.containers[0].resources.claims[2]: Not found: \"y\": must be one of the names in "
                + "pod.spec.resourceClaims: x, z"),
        RuleRow(
            ["spec.volumes": #"[{"name":"v","ephemeral":{}}]"#],
            "spec.volumes[0].ephemeral.volumeClaimTemplate: Required value"),
        RuleRow([
            "spec.volumes":
                #"[{"name":"v","ephemeral":{"volumeClaimTemplate":{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}}}]"#
        ]),
        RuleRow(
            [
                "spec.volumes":
                    #"[{"name":"v","ephemeral":{"volumeClaimTemplate":{"metadata":{"name":"a"},"spec":{"accessModes":["X"]}}}}]"#
            ], "spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set",
            "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes: Unsupported value: \"X\": supported values: "
                + "\"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\"",
            "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value"),
        RuleRow(
            ["spec.volumes": #"[{"name":"v","image":{}}]"#], "spec.volumes[0].image.reference: Required value"),
    ])
    func claims(row: RuleRow) throws { #expect(try row.complaints("po", Self.base) == row.expected) }

    @Test func whereAGatedPodMayGoBecomesNarrower() throws {
        let terms = { (text: String) in
            #"{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":\#(text)}}}"#
        }
        let one = #"[{"matchExpressions":[{"key":"a","operator":"Exists"}]}]"#
        let two = #"[{"matchExpressions":[{"key":"a","operator":"Exists"},{"key":"b","operator":"Exists"}]}]"#
        let gated =
            #"{"metadata":{"name":"p","namespace":"d"},"spec":{"schedulingGates":[{"name":"g"}],"affinity":\#(terms(one)),"containers":[{"name":"a","image":"x:1"}]}}"#
        let path = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms"
        let rules = try KindTable.row("po")
        let before = try rules.written(gated)
        for (text, expected) in [
            (two, []),
            (
                "[]",
                [
                    "\(path): Required value: must have at least one node selector term",
                    "\(path): Invalid value: []: no additions/deletions to non-empty NodeSelectorTerms list are allowed",
                ]
            ),
            (
                #"[{"matchExpressions":[{"key":"c","operator":"Exists"}]}]"#,
                [
                    #"\#(path)[0]: Invalid value: {"matchExpressions":[{"key":"c","operator":"Exists"}]}: only additions are allowed (no mutations or deletions)"#
                ]
            ),
        ] {
            var now = before
            now[["spec", "affinity"]] = try JSONValue(json: Array(terms(text).utf8))
            #expect(rules.failures(now, before).map(\.description) == expected)
        }
    }
}
