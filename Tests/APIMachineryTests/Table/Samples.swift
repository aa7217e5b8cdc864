/// An object of each kind with a value in every field that its table shows.
enum Samples {
    static let byKind = [
        "Namespace": #"{"metadata":{"name":"a"},"spec":{"x":1},"status":{"phase":"Active"}}"#,
        "Node": """
        {"metadata":{"name":"n","labels":{"node-role.kubernetes.io/worker":"","kubernetes.io/role":"edge"},\
        "creationTimestamp":"2029-12-31T00:00:00Z"},"spec":{"unschedulable":true,"podCIDR":"10.244.0.0/24"},\
        "status":{"conditions":[{"type":"DiskPressure","status":"False"},{"type":"Ready","status":"True"}],\
        "addresses":[{"type":"InternalIP","address":"192.0.2.1"},{"type":"ExternalIP","address":"198.51.100.1"}],\
        "nodeInfo":{"kubeletVersion":"v1.36.0","osImage":"Debian","kernelVersion":"6.12","architecture":"amd64",\
        "containerRuntimeVersion":"containerd://2.0"}}}
        """,
        "Pod": """
        {"metadata":{"name":"p","creationTimestamp":"2029-12-31T23:00:00Z"},"spec":{"nodeName":"n",\
        "containers":[{"name":"a","image":"x"},{"name":"b"}],"initContainers":[{"name":"i","restartPolicy":"Always"}],\
        "readinessGates":[{"conditionType":"g"},{"conditionType":"h"}]},"status":{"phase":"Running",\
        "nominatedNodeName":"m","podIPs":[{"ip":"10.244.0.5"}],"conditions":[{"type":"g","status":"True"},\
        {"type":"Initialized","status":"True"}],"initContainerStatuses":[{"name":"i","started":true,"ready":true,\
        "restartCount":1,"state":{"running":{}}}],"containerStatuses":[{"name":"a","ready":true,"restartCount":2,\
        "state":{"running":{}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2029-12-31T23:55:00Z"}}},\
        {"name":"b","ready":false,"restartCount":0,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}
        """,
        "Service": """
        {"metadata":{"name":"s"},"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"],\
        "externalIPs":["192.0.2.9"],"ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}],\
        "selector":{"b":"2","a":"1"}},"status":{"loadBalancer":{"ingress":[{"hostname":"lb.example.org"},\
        {"ip":"192.0.2.1"}]}}}
        """,
        "Endpoints": """
        {"metadata":{"name":"e"},"subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}],\
        "ports":[{"port":80},{"port":81}]}]}
        """,
        "EndpointSlice": """
        {"metadata":{"name":"e"},"addressType":"IPv4","ports":[{"port":80},{"name":"x"},{}],"endpoints":[\
        {"addresses":["10.0.0.1","10.0.0.2"]},{"addresses":["10.0.0.3","10.0.0.4"]}]}
        """,
        "ConfigMap": #"{"metadata":{"name":"c"},"data":{"a":"1"},"binaryData":{"b":"AA=="}}"#,
        "Secret": #"{"metadata":{"name":"c"},"type":"Opaque","data":{"a":"MQ=="}}"#,
        "ServiceAccount": #"{"metadata":{"name":"default","creationTimestamp":"2029-12-31T23:59:50Z"}}"#,
        "Lease": #"{"metadata":{"name":"l"},"spec":{"holderIdentity":"me","leaseDurationSeconds":40}}"#,
        "Deployment": """
        {"metadata":{"name":"d"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"d"}},"template":{"spec":\
        {"containers":[{"name":"a","image":"x:1"},{"name":"b","image":"y:1"}]}}},"status":{"readyReplicas":1,\
        "updatedReplicas":2,"availableReplicas":1}}
        """,
        "ReplicaSet": """
        {"metadata":{"name":"r"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"d"},"matchExpressions":\
        [{"key":"a","operator":"In","values":["2","1"]},{"key":"z","operator":"DoesNotExist"}]},"template":{"spec":\
        {"containers":[{"name":"a","image":"x:1"}]}}},"status":{"replicas":3,"readyReplicas":1}}
        """,
        "DaemonSet": """
        {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"app":"d"}},"template":{"spec":\
        {"nodeSelector":{"os":"linux"},"containers":[{"name":"a","image":"x:1"}]}}},"status":\
        {"desiredNumberScheduled":5,"currentNumberScheduled":4,"numberReady":3,"updatedNumberScheduled":2,\
        "numberAvailable":1}}
        """,
        "StatefulSet": """
        {"metadata":{"name":"s"},"spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"a","image":"x"}]}}},\
        "status":{"readyReplicas":1}}
        """,
        "ControllerRevision": """
        {"metadata":{"name":"c","ownerReferences":[{"apiVersion":"apps/v1","kind":"DaemonSet","name":"d",\
        "controller":true}]},"revision":4}
        """,
        "Job": """
        {"metadata":{"name":"j"},"spec":{"completions":3,"selector":{},"template":{"spec":{"containers":\
        [{"name":"a","image":"x"}]}}},"status":{"succeeded":1,"startTime":"2029-12-31T23:59:00Z","conditions":\
        [{"type":"Suspended","status":"True"}]}}
        """,
        "CronJob": """
        {"metadata":{"name":"j"},"spec":{"schedule":"0 * * * *","timeZone":"Etc/UTC","suspend":true,"jobTemplate":\
        {"spec":{"template":{"spec":{"containers":[{"name":"a","image":"x"}]}}}}},"status":{"active":[{}],\
        "lastScheduleTime":"2029-12-31T23:00:00Z"}}
        """,
        "PodDisruptionBudget":
            #"{"metadata":{"name":"b"},"spec":{"minAvailable":"50%"},"status":{"disruptionsAllowed":2}}"#,
        "NetworkPolicy": #"{"metadata":{"name":"n"},"spec":{"podSelector":{"matchLabels":{"a":"b"}}}}"#,
        "ServiceCIDR": #"{"metadata":{"name":"kubernetes"},"spec":{"cidrs":["10.96.0.0/12","fd00:97::/108"]}}"#,
        "IPAddress": """
        {"metadata":{"name":"10.0.0.1"},"spec":{"parentRef":{"group":"apps","resource":"things","namespace":"d",\
        "name":"s"}}}
        """,
    ]
}
