extension BodySample {
    /// Objects as kube-apiserver 1.36 answers with them in both forms; without the kinds of claim templates, which
    /// its defaults set and protobuf has no word for.
    static let server = [
        BodySample(
            "Node",
            base64: """
                azhzAAoKCgJ2MRIETm9kZRLWAgpACgJuMRIAGgAiACokZjM3YzIwZmYtYjRjNi00ZTczLTliNTMtNWRiYThiYTMxZGFkMgI3NDgA
                QggItdy32AYQABJrCgsxMC4xLjAuMC8yNBIAGgAgACobCgF0EgAaCk5vU2NoZWR1bGUiCAil69zKBhAAKiwKHG5vZGUua3ViZXJu
                ZXRlcy5pby9ub3QtcmVhZHkSABoKTm9TY2hlZHVsZToLMTAuMS4wLjAvMjQapAEKCgoDY3B1EgMKATQKDwoGbWVtb3J5EgUKAzhH
                aRIKCgNjcHUSAwoBNBIPCgZtZW1vcnkSBQoDOEdpGgAiHQoFUmVhZHkSBFRydWUaCAil69zKBhAAIgAqADIAKhYKCkludGVybmFs
                SVASCDEwLjkuOS45MgUKAwiKUDobCgASABoAIgAqADIAOgd2MS4zNi4wQgBKAFIAQgsKA2E6MRCA5JfQEhoAIgA=
                """,
            json: #"""
                {"apiVersion":"v1","kind":"Node","metadata":{"creationTimestamp":"2026-11-30T21:44:21Z","name":"n1",
                "resourceVersion":"74","uid":"f37c20ff-b4c6-4e73-9b53-5dba8ba31dad"},"spec":{"podCIDR":"10.1.0.0/24",
                "podCIDRs":["10.1.0.0/24"],"taints":[{"effect":"NoSchedule","key":"t","timeAdded":
                "2026-01-02T03:04:05Z"},{"effect":"NoSchedule","key":"node.kubernetes.io/not-ready"}]},"status":{
                "addresses":[{"address":"10.9.9.9","type":"InternalIP"}],"allocatable":{"cpu":"4","memory":"8Gi"},
                "capacity":{"cpu":"4","memory":"8Gi"},"conditions":[{"lastHeartbeatTime":"2026-01-02T03:04:05Z",
                "status":"True","type":"Ready"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":10250}},"images":[{
                "names":["a:1"],"sizeBytes":5000000000}],"nodeInfo":{"architecture":"","bootID":"",
                "containerRuntimeVersion":"","kernelVersion":"","kubeProxyVersion":"","kubeletVersion":"v1.36.0",
                "machineID":"","operatingSystem":"","osImage":"","systemUUID":""}}}
                """#),
        BodySample(
            "Lease",
            base64: """
                azhzAAofChZjb29yZGluYXRpb24uazhzLmlvL3YxEgVMZWFzZRJpCkYKAWwSABoHZGVmYXVsdCIAKiRmMjQyYzQ5Ni02NDUwLTRi
                NTgtODllNy1mYTM5MzY5NWM2MmIyAjc1OABCCAi13LfYBhAAEh8KAWgQDxoICKXr3MoGEAAiDAil69zKBhCI6tzDAigAGgAiAA==
                """,
            json: #"""
                {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"creationTimestamp":
                "2026-11-30T21:44:21Z","name":"l","namespace":"default","resourceVersion":"75","uid":
                "f242c496-6450-4b58-89e7-fa393695c62b"},"spec":{"acquireTime":"2026-01-02T03:04:05.000000Z",
                "holderIdentity":"h","leaseDurationSeconds":15,"leaseTransitions":0,"renewTime":
                "2026-01-02T03:04:05.678901Z"}}
                """#),
        BodySample(
            "ControllerRevision",
            base64: """
                azhzAAodCgdhcHBzL3YxEhJDb250cm9sbGVyUmV2aXNpb24ShQEKRgoBchIAGgdkZWZhdWx0IgAqJDkyMmM2YjQ0LThlNGUtNDU0
                Yi04NGJhLWM1YWZkOTFkNzc1MDICNzY4AEIICLXct9gGEAASOQo3eyJzcGVjIjogeyJ0ZW1wbGF0ZSI6IHsiJHBhdGNoIjogInJl
                cGxhY2UiLCAibiI6IDEuNX19fRgDGgAiAA==
                """,
            json: #"""
                {"apiVersion":"apps/v1","data":{"spec":{"template":{"$patch":"replace","n":1.5}}},"kind":
                "ControllerRevision","metadata":{"creationTimestamp":"2026-11-30T21:44:21Z","name":"r","namespace":
                "default","resourceVersion":"76","uid":"922c6b44-8e4e-454b-84ba-c5afd91d7750"},"revision":3}
                """#),
        BodySample(
            "StatefulSet",
            base64: """
                azhzAAoWCgdhcHBzL3YxEgtTdGF0ZWZ1bFNldBKaAwpHCgJzdBIAGgdkZWZhdWx0IgAqJDExNWI1ZGM1LTZhOWMtNGI0YS04MmVm
                LWE4NjQ5YzBjZDczNzICNzc4AUIICLXct9gGEAASvAIIABINEgsKAWESBkV4aXN0cxqZAQoYCgASABoAIgAqADIAOABCAFoGCgFh
                EgFiEn0SOAoBYxIBaSoAQgBqFC9kZXYvdGVybWluYXRpb24tbG9ncgZBbHdheXOAAQCIAQCQAQCiAQRGaWxlGgZBbHdheXMgHjIM
                Q2x1c3RlckZpcnN0QgBKAFIAWABgAGgAcgCCAQCKAQCaARFkZWZhdWx0LXNjaGVkdWxlcsIBACJRChEKAXYSABoAIgAqADIAOABC
                ABIxCg1SZWFkV3JpdGVPbmNlEhISEAoHc3RvcmFnZRIFCgMxR2kaADIKRmlsZXN5c3RlbRoJCgdQZW5kaW5nKgF4MgxPcmRlcmVk
                UmVhZHk6EwoNUm9sbGluZ1VwZGF0ZRICCABACkgAUhAKBlJldGFpbhIGUmV0YWluGhAIABAAGAAgACgAMgA6AFgAGgAiAA==
                """,
            json: #"""
                {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"creationTimestamp":"2026-11-30T21:44:21Z",
                "generation":1,"name":"st","namespace":"default","resourceVersion":"77","uid":
                "115b5dc5-6a9c-4b4a-82ef-a8649c0cd737"},"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":
                "Retain","whenScaled":"Retain"},"podManagementPolicy":"OrderedReady","replicas":0,
                "revisionHistoryLimit":10,"selector":{"matchExpressions":[{"key":"a","operator":"Exists"}]},
                "serviceName":"x","template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"image":"i",
                "imagePullPolicy":"Always","name":"c","resources":{},"terminationMessagePath":"/dev/termination-log",
                "terminationMessagePolicy":"File"}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName"
                :"default-scheduler","securityContext":{},"terminationGracePeriodSeconds":30}},"updateStrategy":{
                "rollingUpdate":{"partition":0},"type":"RollingUpdate"},"volumeClaimTemplates":[{"metadata":{"name":"v"
                },"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"volumeMode":
                "Filesystem"},"status":{"phase":"Pending"}}]},"status":{"availableReplicas":0,"replicas":0}}
                """#),
        BodySample(
            "NetworkPolicy",
            base64: """
                azhzAAolChRuZXR3b3JraW5nLms4cy5pby92MRINTmV0d29ya1BvbGljeRKmAQpHCgJucBIAGgdkZWZhdWx0IgAqJDVlZGRlYjll
                LTdiNmYtNDdmZC04Njg5LTRkN2FkNzExNThlZTICNzg4AUIICLXct9gGEAASWwoAEkQKDwoDVENQEgYIABBQGgAYWgoQCgNVRFAS
                CQgBEAAaA2RucxIbGhkKCjEwLjAuMC4wLzgSCzEwLjEuMC4wLzE2EgISABoAIgdJbmdyZXNzIgZFZ3Jlc3MaACIA
                """,
            json: #"""
                {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"creationTimestamp":
                "2026-11-30T21:44:21Z","generation":1,"name":"np","namespace":"default","resourceVersion":"78","uid":
                "5eddeb9e-7b6f-47fd-8689-4d7ad71158ee"},"spec":{"egress":[{}],"ingress":[{"from":[{"ipBlock":{"cidr":
                "10.0.0.0/8","except":["10.1.0.0/16"]}},{"namespaceSelector":{}}],"ports":[{"endPort":90,"port":80,
                "protocol":"TCP"},{"port":"dns","protocol":"UDP"}]}],"podSelector":{},"policyTypes":["Ingress","Egress"
                ]}}
                """#),
        BodySample(
            "EndpointSlice",
            base64: """
                azhzAAokChNkaXNjb3ZlcnkuazhzLmlvL3YxEg1FbmRwb2ludFNsaWNlErEBCmoKAmVzEgAaB2RlZmF1bHQiACokY2Q2MTkxMTMt
                ZDJmMy00MmE0LWFmMDktYWI3ZmZjMWU5MjQ4MgI3OTgBQggItdy32AYQAFohChprdWJlcm5ldGVzLmlvL3NlcnZpY2UtbmFtZRID
                d2ViEjIKCDEwLjEuMC41EgQIARAAIhIKA1BvZBIAGgFwIgAqADIAOgAyAm4xOgFhQgUKAwoBYRoJCgASA1RDUBhQIgRJUHY0GgAi
                AA==
                """,
            json: #"""
                {"addressType":"IPv4","apiVersion":"discovery.k8s.io/v1","endpoints":[{"addresses":["10.1.0.5"],
                "conditions":{"ready":true,"serving":false},"hints":{"forZones":[{"name":"a"}]},"nodeName":"n1",
                "targetRef":{"kind":"Pod","name":"p"},"zone":"a"}],"kind":"EndpointSlice","metadata":{
                "creationTimestamp":"2026-11-30T21:44:21Z","generation":1,"labels":{"kubernetes.io/service-name":"web"}
                ,"name":"es","namespace":"default","resourceVersion":"79","uid":"cd619113-d2f3-42a4-af09-ab7ffc1e9248"}
                ,"ports":[{"name":"","port":80,"protocol":"TCP"}]}
                """#),
        BodySample(
            "Event",
            base64: """
                azhzAAoZChBldmVudHMuazhzLmlvL3YxEgVFdmVudBKrAQpHCgJldhIAGgdkZWZhdWx0IgAqJDQxNWJhMGU1LTEwYTctNGUwNS05
                MDU4LWUxOTEwZDEzZWY2ZTICODA4AEIICLXct9gGEAASDAil69zKBhCI6tzDAhoNCAISCQim69zKBhDoByIDYS9iKgFpMgNEaWQ6
                BERvbmVCGQoDUG9kEgdkZWZhdWx0GgFwIgAqADIAOgBSAW5aBk5vcm1hbGIECgASAGoAcgB4ABoAIgA=
                """,
            json: #"""
                {"action":"Did","apiVersion":"events.k8s.io/v1","deprecatedSource":{},"eventTime":
                "2026-01-02T03:04:05.678901Z","kind":"Event","metadata":{"creationTimestamp":"2026-11-30T21:44:21Z",
                "name":"ev","namespace":"default","resourceVersion":"80","uid":"415ba0e5-10a7-4e05-9058-e1910d13ef6e"},
                "note":"n","reason":"Done","regarding":{"kind":"Pod","name":"p","namespace":"default"},
                "reportingController":"a/b","reportingInstance":"i","series":{"count":2,"lastObservedTime":
                "2026-01-02T03:04:06.000001Z"},"type":"Normal"}
                """#),
        BodySample(
            "Service",
            base64: """
                azhzAAoNCgJ2MRIHU2VydmljZRLsAQpGCgFzEgAaB2RlZmF1bHQiACokOWI3ZDMzMjYtMjUwNC00MWVmLWFmM2EtYjg1ZjNhNWI0
                ZTVhMgI4MzgAQggItdy32AYQABKdAQoeCgFhEgNUQ1AYUCIKCAEQABoEaHR0cCgAMgRodHRwEgYKAWESAWIaCTEwLjAuMC44MCIM
                TG9hZEJhbGFuY2VyOghDbGllbnRJUEIASgoxMC4wLjAuMC84UgBaBUxvY2FsYMr0AWgAcgUKAwiwVIoBC1NpbmdsZVN0YWNrkgEJ
                MTAuMC4wLjgwmgEESVB2NKABALIBB0NsdXN0ZXIaAgoAGgAiAA==
                """,
            json: #"""
                {"apiVersion":"v1","kind":"Service","metadata":{"creationTimestamp":"2026-11-30T21:44:21Z","name":"s",
                "namespace":"default","resourceVersion":"83","uid":"9b7d3326-2504-41ef-af3a-b85f3a5b4e5a"},"spec":{
                "allocateLoadBalancerNodePorts":false,"clusterIP":"10.0.0.80","clusterIPs":["10.0.0.80"],
                "externalTrafficPolicy":"Local","healthCheckNodePort":31306,"internalTrafficPolicy":"Cluster",
                "ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","loadBalancerSourceRanges":["10.0.0.0/8"],"ports":
                [{"appProtocol":"http","name":"a","port":80,"protocol":"TCP","targetPort":"http"}],"selector":{"a":"b"}
                ,"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":10800}},"type":
                "LoadBalancer"},"status":{"loadBalancer":{}}}
                """#),
        BodySample(
            "Lease with managed fields",
            base64: """
                azhzAAofChZjb29yZGluYXRpb24uazhzLmlvL3YxEgVMZWFzZRKxAgqNAgoBbBIAGgdkZWZhdWx0IgAqJGYyNDJjNDk2LTY0NTAt
                NGI1OC04OWU3LWZhMzkzNjk1YzYyYjICNzU4AEIICLXct9gGEACKAcMBCg1QeXRob24tdXJsbGliEgZVcGRhdGUaFmNvb3JkaW5h
                dGlvbi5rOHMuaW8vdjEiCAi13LfYBhAAMghGaWVsZHNWMTp8Cnp7ImY6c3BlYyI6eyJmOmFjcXVpcmVUaW1lIjp7fSwiZjpob2xk
                ZXJJZGVudGl0eSI6e30sImY6bGVhc2VEdXJhdGlvblNlY29uZHMiOnt9LCJmOmxlYXNlVHJhbnNpdGlvbnMiOnt9LCJmOnJlbmV3
                VGltZSI6e319fUIAEh8KAWgQDxoICKXr3MoGEAAiDAil69zKBhCI6tzDAigAGgAiAA==
                """,
            json: #"""
                {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"creationTimestamp":
                "2026-11-30T21:44:21Z","managedFields":[{"apiVersion":"coordination.k8s.io/v1","fieldsType":"FieldsV1",
                "fieldsV1":{"f:spec":{"f:acquireTime":{},"f:holderIdentity":{},"f:leaseDurationSeconds":{},
                "f:leaseTransitions":{},"f:renewTime":{}}},"manager":"Python-urllib","operation":"Update","time":
                "2026-11-30T21:44:21Z"}],"name":"l","namespace":"default","resourceVersion":"75","uid":
                "f242c496-6450-4b58-89e7-fa393695c62b"},"spec":{"acquireTime":"2026-01-02T03:04:05.000000Z",
                "holderIdentity":"h","leaseDurationSeconds":15,"leaseTransitions":0,"renewTime":
                "2026-01-02T03:04:05.678901Z"}}
                """#),
    ]
}
