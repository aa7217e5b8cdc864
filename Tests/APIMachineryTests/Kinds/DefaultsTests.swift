import KubeAPI
import Testing

@testable import APIMachinery

@Suite struct DefaultsTests {
    @Test func aPodSaysAllThatUpstreamsSays() throws {
        let pod = try KindTable.row("po").written(
            #"{"metadata":{"name":"p","namespace":"d"},"spec":{"containers":[{"name":"a","image":"nginx"}]}}"#)
        #expect(
            pod.text("spec") == """
                {"containers":[{"image":"nginx","imagePullPolicy":"Always","name":"a","resources":{},\
                "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],\
                "dnsPolicy":"ClusterFirst","enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority",\
                "priority":0,"restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},\
                "serviceAccount":"default","serviceAccountName":"default","terminationGracePeriodSeconds":30,\
                "tolerations":[{"effect":"NoExecute","key":"node.kubernetes.io/not-ready","operator":"Exists",\
                "tolerationSeconds":300},{"effect":"NoExecute","key":"node.kubernetes.io/unreachable",\
                "operator":"Exists","tolerationSeconds":300}]}
                """)
        #expect(pod.text("status") == #"{"phase":"Pending","qosClass":"BestEffort"}"#)
        #expect(pod.generation == 1)
    }

    @Test(arguments: [
        ("nginx", "Always"), ("nginx:latest", "Always"), ("nginx:1", "IfNotPresent"), ("host:5000/nginx", "Always"),
        ("host:5000/a/nginx:2", "IfNotPresent"), ("nginx@sha256:00", "IfNotPresent"), ("", "IfNotPresent"),
        ("nginx:latest@sha256:00", "Always"),
    ])
    func pullPolicies(image: String, policy: String) { #expect(PodDefaults.pullPolicy(of: image) == policy) }

    @Test func partsOfAContainerAndItsVolumes() throws {
        let pod = try KindTable.row("po").written(
            """
            {"metadata":{"name":"p"},"spec":{"hostNetwork":true,"containers":[{"name":"a","image":"x:1","ports":\
            [{"containerPort":80}],"env":[{"name":"E","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],\
            "resources":{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m"}},"livenessProbe":\
            {"httpGet":{"port":80}},"readinessProbe":{"grpc":{"port":9},"periodSeconds":3},"lifecycle":{"preStop":\
            {"httpGet":{"port":1}}}}],"volumes":[{"name":"v"},{"name":"s","secret":{"secretName":"x"}},{"name":"h",\
            "hostPath":{"path":"/"}},{"name":"p","projected":{"sources":[{"serviceAccountToken":{"path":"t"}},\
            {"downwardAPI":{"items":[{"path":"l","fieldRef":{"fieldPath":"metadata.labels"}}]}}]}}]}}
            """)
        let container = try #require(pod.spec.list("containers").first)
        #expect(container.list("ports") == [["containerPort": 80, "hostPort": 80, "protocol": "TCP"]])
        #expect(container.list("env").first?.part("valueFrom").part("fieldRef").text("apiVersion") == "v1")
        #expect(container.part("resources").part("requests") == ["cpu": "500m", "memory": "1Gi"])
        #expect(
            container.part("livenessProbe") == [
                "httpGet": ["port": 80, "path": "/", "scheme": "HTTP"], "timeoutSeconds": 1, "periodSeconds": 10,
                "successThreshold": 1, "failureThreshold": 3,
            ])
        #expect(container.part("readinessProbe").number("periodSeconds") == 3)
        #expect(container.part("readinessProbe").part("grpc").field("service") == "")
        #expect(container.part("lifecycle").part("preStop").part("httpGet").text("path") == "/")
        let volumes = pod.spec.list("volumes")
        #expect(volumes[0].field("emptyDir") == .object(JSONObject()))
        #expect(volumes[1].part("secret").number("defaultMode") == 420)
        #expect(volumes[2].part("hostPath").field("type") == "")
        let sources = volumes[3].part("projected").list("sources")
        #expect(sources[0].part("serviceAccountToken").number("expirationSeconds") == 3600)
        #expect(sources[1].part("downwardAPI").list("items")[0].part("fieldRef").text("apiVersion") == "v1")
        #expect(pod.status.text("qosClass") == "Burstable")
    }

    @Test(arguments: [
        (#"{"limits":{"cpu":"1","memory":"1Gi"}}"#, "Guaranteed"),
        (#"{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"1000m","memory":"1024Mi"}}"#, "Guaranteed"),
        (#"{"limits":{"cpu":"1"}}"#, "Burstable"), (#"{"requests":{"cpu":"0"}}"#, "BestEffort"),
        (#"{"requests":{"memory":1}}"#, "Burstable"), (#"{"requests":{"example.org/gpu":"1"}}"#, "BestEffort"),
    ])
    func classesOfService(resources: String, name: String) throws {
        let pod = try KindTable.row("po").written(
            #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","resources":\#(resources)}]}}"#)
        #expect(pod.status.text("qosClass") == name)
    }

    @Test(arguments: [
        (#"{"limits":{"cpu":"2","memory":"1Gi"}}"#, #"{"cpu":"300m","memory":"1Gi"}"#),
        (#"{"limits":{"cpu":"2"},"requests":{"cpu":"1"}}"#, #"{"cpu":"1"}"#),
    ])
    func aPodAsksForWhatItsContainersAskFor(resources: String, requests: String) throws {
        let pod = try KindTable.row("po").written(
            """
            {"metadata":{"name":"p"},"spec":{"resources":\(resources),"initContainers":[{"name":"i","restartPolicy":\
            "Always","resources":{"requests":{"cpu":"50m"}}},{"name":"j","resources":{"requests":{"cpu":"200m"}}}],\
            "containers":[{"name":"a","resources":{"requests":{"cpu":"100m"}}},{"name":"b","resources":{"limits":\
            {"cpu":"150m"}}}]}}
            """)
        #expect(pod.text("spec.resources.requests") == requests)
    }

    @Test func aDeploymentSaysAllThatUpstreamsSays() throws {
        let deployment = try KindTable.row("deploy").written(
            """
            {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":\
            {"a":"b"}},"spec":{"containers":[{"name":"c","image":"x:1"}]}}},"status":{"replicas":9}}
            """)
        #expect(
            deployment.text("spec.strategy")
                == #"{"rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"},"type":"RollingUpdate"}"#)
        #expect(deployment.spec.number("replicas") == 1)
        #expect(deployment.spec.number("revisionHistoryLimit") == 10)
        #expect(deployment.spec.number("progressDeadlineSeconds") == 600)
        #expect(deployment.text("status") == "{}")
        let template = deployment.spec.part("template").part("spec")
        #expect(template.text("restartPolicy") == "Always")
        // These are a pod's alone.
        #expect(!template.has("enableServiceLinks") && !template.has("tolerations") && !template.has("priority"))
    }

    @Test func aStrategyOfItsOwnIsKept() throws {
        let deployment = try KindTable.row("deploy").written(
            #"{"spec":{"replicas":0,"strategy":{"type":"Recreate"},"progressDeadlineSeconds":5,"template":{}}}"#)
        #expect(deployment.text("spec.strategy") == #"{"type":"Recreate"}"#)
        #expect(deployment.spec.number("replicas") == 0 && deployment.spec.number("progressDeadlineSeconds") == 5)
    }

    @Test func workloads() throws {
        let daemon = try KindTable.row("ds").written(#"{"metadata":{"name":"d"},"spec":{"template":{}}}"#)
        #expect(
            daemon.text("spec.updateStrategy")
                == #"{"rollingUpdate":{"maxSurge":0,"maxUnavailable":1},"type":"RollingUpdate"}"#)
        #expect(daemon.annotations == ["deprecated.daemonset.template.generation": "1"])
        #expect(daemon.status.number("desiredNumberScheduled") == 0 && daemon.status.has("numberReady"))
        let stateful = try KindTable.row("sts").written(#"{"metadata":{"name":"d"},"spec":{"template":{}}}"#)
        #expect(stateful.text("spec.updateStrategy") == #"{"rollingUpdate":{"partition":0},"type":"RollingUpdate"}"#)
        #expect(stateful.spec.text("podManagementPolicy") == "OrderedReady")
        #expect(
            stateful.text("spec.persistentVolumeClaimRetentionPolicy")
                == #"{"whenDeleted":"Retain","whenScaled":"Retain"}"#)
        let set = try KindTable.row("rs").written(#"{"metadata":{"name":"d"},"spec":{"template":{}}}"#)
        #expect(set.spec.number("replicas") == 1 && set.text("status") == #"{"replicas":0}"#)
    }

    @Test func jobs() throws {
        let job = try KindTable.row("job").written(
            #"{"metadata":{"name":"j","uid":"u"},"spec":{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"restartPolicy":"Never"}}}}"#
        )
        #expect(job.spec.number("completions") == 1 && job.spec.number("parallelism") == 1)
        #expect(job.spec.number("backoffLimit") == 6 && job.spec.text("completionMode") == "NonIndexed")
        #expect(job.spec.field("suspend") == false && job.spec.text("podReplacementPolicy") == "TerminatingOrFailed")
        #expect(job.labels == ["a": "b"])
        #expect(job.text("spec.selector") == #"{"matchLabels":{"batch.kubernetes.io/controller-uid":"u"}}"#)
        #expect(
            job.text("spec.template.metadata.labels")
                == #"{"a":"b","batch.kubernetes.io/controller-uid":"u","batch.kubernetes.io/job-name":"j","controller-uid":"u","job-name":"j"}"#
        )
        let many = try KindTable.row("job").written(#"{"spec":{"completions":4,"template":{}}}"#)
        #expect(many.spec.number("completions") == 4 && many.spec.number("parallelism") == 1)
        let queue = try KindTable.row("job").written(#"{"spec":{"parallelism":4,"template":{}}}"#)
        #expect(!queue.spec.has("completions"))
        let cron = try KindTable.row("cj").written(
            #"{"spec":{"schedule":"@daily","jobTemplate":{"spec":{"template":{}}}}}"#)
        #expect(cron.spec.text("concurrencyPolicy") == "Allow" && cron.spec.number("successfulJobsHistoryLimit") == 3)
        #expect(cron.spec.number("failedJobsHistoryLimit") == 1)
        #expect(
            cron.spec.part("jobTemplate").part("spec").part("template").part("spec").text("dnsPolicy") == "ClusterFirst"
        )
    }

    @Test func services() throws {
        let rules = try KindTable.row("svc")
        let plain = try rules.written(
            #"{"metadata":{"name":"s"},"spec":{"ports":[{"port":80},{"port":81,"targetPort":"x"}]}}"#)
        #expect(
            plain.text("spec") == """
                {"internalTrafficPolicy":"Cluster","ports":[{"port":80,"protocol":"TCP","targetPort":80},{"port":81,\
                "protocol":"TCP","targetPort":"x"}],"sessionAffinity":"None","type":"ClusterIP"}
                """)
        #expect(plain.text("status") == #"{"loadBalancer":{}}"#)
        let sticky = try rules.written(#"{"spec":{"type":"LoadBalancer","sessionAffinity":"ClientIP"}}"#)
        #expect(sticky.text("spec.sessionAffinityConfig") == #"{"clientIP":{"timeoutSeconds":10800}}"#)
        #expect(sticky.spec.text("externalTrafficPolicy") == "Cluster")
        #expect(sticky.spec.field("allocateLoadBalancerNodePorts") == true)
        let named = try rules.written(
            #"{"spec":{"type":"ExternalName","sessionAffinity":"None","sessionAffinityConfig":{"clientIP":{}}}}"#)
        #expect(!named.spec.has("internalTrafficPolicy") && !named.spec.has("sessionAffinityConfig"))
        #expect(!named.spec.has("externalTrafficPolicy"))
        #expect(
            try rules.written(#"{"spec":{"externalIPs":["192.0.2.1"]}}"#).spec.text("externalTrafficPolicy")
                == "Cluster")
    }

    @Test func theOthers() throws {
        let namespace = try KindTable.row("ns").written(#"{"metadata":{"name":"a"}}"#)
        #expect(namespace.labels == ["kubernetes.io/metadata.name": "a"])
        #expect(namespace.text("spec") == #"{"finalizers":["kubernetes"]}"#)
        #expect(namespace.text("status") == #"{"phase":"Active"}"#)
        let secret = try KindTable.row("secret").written(
            #"{"data":{"a":"eA==","b":"eQ=="},"stringData":{"a":"hello"}}"#)
        #expect(secret.text("type") == #""Opaque""#)
        #expect(secret.text("data") == #"{"a":"aGVsbG8=","b":"eQ=="}"# && secret["stringData"] == nil)
        let slice = try KindTable.row("endpointslice").written(#"{"ports":[{"port":80}]}"#)
        #expect(slice.text("ports") == #"[{"name":"","port":80,"protocol":"TCP"}]"#)
        let policy = try KindTable.row("netpol").written(#"{"spec":{"egress":[{"ports":[{"port":53}]}]}}"#)
        #expect(policy.text("spec.policyTypes") == #"["Ingress","Egress"]"#)
        #expect(policy.text("spec.egress") == #"[{"ports":[{"port":53,"protocol":"TCP"}]}]"#)
        let node = try KindTable.row("no").written(
            #"{"spec":{"podCIDR":"10.244.0.0/24"},"status":{"capacity":{"cpu":"4"}}}"#)
        #expect(node.text("spec.podCIDRs") == #"["10.244.0.0/24"]"#)
        #expect(node.text("status.allocatable") == #"{"cpu":"4"}"#)
    }
}
