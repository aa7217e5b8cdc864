import KubeAPI

/// What a pod spec says where it says nothing (upstream's pkg/apis/core/v1/defaults.go and zz_generated.defaults.go).
enum PodDefaults {
    /// Of every pod spec, also in templates (`SetDefaults_PodSpec` and what it holds).
    static func set(_ spec: inout JSONValue) {
        spec.editEach("volumes", setVolume)
        for key in ["initContainers", "containers", "ephemeralContainers"] { spec.editEach(key, setContainer) }
        spec.setIfZero("dnsPolicy", "ClusterFirst")
        spec.setIfZero("restartPolicy", "Always")
        spec.setIfAbsent("securityContext", .object(JSONObject()))
        spec.setIfAbsent("terminationGracePeriodSeconds", 30)
        spec.setIfZero("schedulerName", "default-scheduler")
        // The older name of the field is written, too (`Convert_core_PodSpec_To_v1_PodSpec`).
        if spec.text("serviceAccountName").isEmpty, !spec.text("serviceAccount").isEmpty {
            spec["serviceAccountName"] = spec["serviceAccount"]
        }
        if !spec.text("serviceAccountName").isEmpty { spec["serviceAccount"] = spec["serviceAccountName"] }
    }

    /// The spec of the template at a path of fields.
    static func setTemplate(_ holder: inout JSONValue) {
        holder.edit("template") { template in
            template.setIfAbsent("spec", .object(JSONObject()))
            template.edit("spec", set)
        }
    }

    private static func setContainer(_ container: inout JSONValue) {
        container.setIfZero("imagePullPolicy", .string(pullPolicy(of: container.text("image"))))
        container.setIfZero("terminationMessagePath", "/dev/termination-log")
        container.setIfZero("terminationMessagePolicy", "File")
        container.setIfAbsent("resources", .object(JSONObject()))
        container.editEach("ports") { $0.setIfZero("protocol", "TCP") }
        container.editEach("env") { variable in
            variable.edit("valueFrom") { source in
                source.edit("fieldRef") { $0.setIfZero("apiVersion", "v1") }
                source.edit("fileKeyRef") { $0.setIfAbsent("optional", false) }
            }
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] { container.edit(probe, setProbe) }
        container.edit("lifecycle") { lifecycle in
            for hook in ["postStart", "preStop"] { lifecycle.edit(hook, setHandler) }
        }
    }

    private static func setProbe(_ probe: inout JSONValue) {
        probe.setIfZero("timeoutSeconds", 1)
        probe.setIfZero("periodSeconds", 10)
        probe.setIfZero("successThreshold", 1)
        probe.setIfZero("failureThreshold", 3)
        setHandler(&probe)
        probe.edit("grpc") { $0.setIfAbsent("service", "") }
    }

    private static func setHandler(_ handler: inout JSONValue) {
        handler.edit("httpGet") { action in
            action.setIfZero("path", "/")
            action.setIfZero("scheme", "HTTP")
        }
    }

    /// Always for the tag `latest`, which an image without tag and digest has.
    static func pullPolicy(of image: String) -> String {
        let parts = image.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first?.split(separator: "/", omittingEmptySubsequences: false).last, !name.isEmpty else {
            return "IfNotPresent"
        }
        let tag = name.firstIndex(of: ":").map { name[name.index(after: $0)...] }
        return tag == "latest" || tag == nil && parts.count == 1 ? "Always" : "IfNotPresent"
    }

    private static func setVolume(_ volume: inout JSONValue) {
        let hasSource = volume.object?.fields.contains { $0.key != "name" && !$0.value.isNull } ?? false
        if !hasSource { volume["emptyDir"] = .object(JSONObject()) }
        for key in ["secret", "configMap", "downwardAPI", "projected"] {
            // 0644.
            volume.edit(key) { $0.setIfAbsent("defaultMode", 420) }
        }
        volume.edit("downwardAPI", setFieldReferences)
        volume.edit("projected") { projected in
            projected.editEach("sources") { source in
                source.edit("downwardAPI", setFieldReferences)
                source.edit("serviceAccountToken") { $0.setIfAbsent("expirationSeconds", 3600) }
            }
        }
        volume.edit("hostPath") { $0.setIfAbsent("type", "") }
        volume.edit("image") { $0.setIfZero("pullPolicy", .string(pullPolicy(of: $0.text("reference")))) }
        volume.edit("ephemeral") { ephemeral in
            ephemeral.edit("volumeClaimTemplate") { template in
                template.edit("spec") { $0.setIfAbsent("volumeMode", "Filesystem") }
            }
        }
        volume.edit("iscsi") { $0.setIfZero("iscsiInterface", "default") }
        volume.edit("rbd") { rbd in
            rbd.setIfZero("pool", "rbd")
            rbd.setIfZero("user", "admin")
            rbd.setIfZero("keyring", "/etc/ceph/keyring")
        }
    }

    private static func setFieldReferences(_ source: inout JSONValue) {
        source.editEach("items") { item in
            item.edit("fieldRef") { $0.setIfZero("apiVersion", "v1") }
        }
    }
}

extension PodRules {
    /// Of pods alone, not of templates (`SetDefaults_Pod`): requests follow limits, host ports follow the host's network.
    static func setDefaults(_ pod: inout Unstructured) {
        pod.edit("spec") { spec in
            PodDefaults.set(&spec)
            for key in ["containers", "initContainers"] {
                spec.editEach(key) { container in container.edit("resources", setRequests) }
            }
            let sums = ContainerRequests.sums(spec)
            spec.edit("resources") { resources in
                guard resources.field("limits")?.isEmpty == false else { return }
                // What the containers ask for together goes before the limit of all.
                for (name, sum) in sums where !resources.part("requests").has(name) {
                    resources[["requests", name]] = .string(sum.canonicalText)
                }
                setRequests(&resources)
            }
            spec.setIfAbsent("enableServiceLinks", true)
            guard spec.flag("hostNetwork") else { return }
            for key in ["containers", "initContainers"] {
                spec.editEach(key) { container in
                    container.editEach("ports") { $0.setIfZero("hostPort", $0["containerPort"] ?? 0) }
                }
            }
        }
        if let status = pod["status"], status.object != nil {
            pod.edit("status") { status in
                let first = status.list("podIPs").first?.text("ip") ?? ""
                let address = status.text("podIP")
                if first.isEmpty, !address.isEmpty { status["podIPs"] = [["ip": .string(address)]] }
                if address.isEmpty, !first.isEmpty { status["podIP"] = .string(first) }
            }
        }
    }

    private static func setRequests(_ resources: inout JSONValue) {
        guard let limits = resources.field("limits")?.object else { return }
        var requests = resources.field("requests")?.object ?? JSONObject()
        for limit in limits where requests[limit.key] == nil { requests[limit.key] = limit.value }
        if !requests.isEmpty { resources["requests"] = .object(requests) }
    }
}
