import KubeAPI

/// The objects of a measurement of an API server.
enum CoreObjects {
    static func namespace(_ name: String) -> JSONValue {
        ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
    }

    /// A "small object": some 100 bytes of data.
    static func configMap(_ name: String, value: Int) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "labels": ["app": "bench"]],
            "data": ["value": .string("\(value)"), "text": "a value of a configuration, as long as most of them are"],
        ]
    }

    /// Without one, a real API server takes no Pod of the namespace.
    static let serviceAccount: JSONValue = [
        "apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "default"],
    ]

    static func node(_ name: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Node",
            "metadata": [
                "name": .string(name),
                "labels": ["kubernetes.io/hostname": .string(name), "kubernetes.io/os": "linux"],
            ],
        ]
    }

    /// One that nobody else's Pods come to.
    static func node(_ name: String, of namespace: BenchNamespace) -> JSONValue {
        var node = node(name)
        node["metadata"] = [
            "name": .string(name),
            "labels": [
                "kubernetes.io/hostname": .string(name), "kubernetes.io/os": "linux",
                BenchNamespace.label: .string(namespace.name),
            ],
        ]
        node["spec"] = [
            "taints": [
                ["key": .string(BenchNamespace.label), "value": .string(namespace.name), "effect": "NoSchedule"]
            ]
        ]
        return node
    }

    /// Room for a hundred Pods of `podSpec`.
    static func nodeStatus(at time: Timestamp) -> JSONValue {
        let resources: JSONValue = ["cpu": "32", "memory": "64Gi", "pods": "110"]
        return [
            "capacity": resources, "allocatable": resources,
            "conditions": [
                [
                    "type": "Ready", "status": "True", "reason": "KubeletReady",
                    "message": "kubelet is posting ready status", "lastHeartbeatTime": .string(time.text),
                    "lastTransitionTime": .string(time.text),
                ]
            ],
        ]
    }

    /// A container with requests, a probe, a mount and variables, as most have.
    static func podSpec(node: String?) -> JSONValue {
        var spec: JSONValue = [
            "terminationGracePeriodSeconds": 0,
            "containers": [
                [
                    "name": "app", "image": "registry.example/app:1.0",
                    "ports": [["name": "http", "containerPort": 8080]],
                    "env": [["name": "MODE", "value": "bench"], ["name": "LEVEL", "value": "info"]],
                    "resources": ["requests": ["cpu": "100m", "memory": "64Mi"], "limits": ["memory": "128Mi"]],
                    "readinessProbe": ["httpGet": ["path": "/", "port": "http"], "periodSeconds": 10],
                ]
            ],
        ]
        if let node { spec["nodeName"] = .string(node) }
        return spec
    }

    static func pod(_ name: String, node: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "labels": ["app": "bench", "tier": "web"]],
            "spec": podSpec(node: node),
        ]
    }

    /// Its Pods come to no other Nodes than those of its namespace.
    static func deployment(_ name: String, replicas: Int, of namespace: BenchNamespace) -> JSONValue {
        var spec = podSpec(node: nil)
        spec["nodeSelector"] = [BenchNamespace.label: .string(namespace.name)]
        spec["tolerations"] = [["key": .string(BenchNamespace.label), "operator": "Exists"]]
        return [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
            "spec": [
                "replicas": JSONValue(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                "template": ["metadata": ["labels": ["app": .string(name)]], "spec": spec],
            ],
        ]
    }

    /// Without a selector, so that no controller makes slices of its own for it.
    static func service(_ name: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)],
            "spec": ["ports": [["name": "http", "port": 80, "targetPort": 8080]]],
        ]
    }

    static func slice(_ service: String, number: Int, endpoints: Int) -> JSONValue {
        let list = (0..<endpoints).map { index -> JSONValue in
            let pod = number * endpoints + index
            return [
                "addresses": [.string("10.\(pod >> 16 & 255).\(pod >> 8 & 255).\(pod & 255)")],
                "conditions": ["ready": true], "nodeName": .string("node-\(pod % 100)"),
                "targetRef": ["kind": "Pod", "namespace": "bench", "name": .string("pod-\(pod)")],
            ]
        }
        return [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
            "metadata": ["name": .string("\(service)-0"), "labels": ["kubernetes.io/service-name": .string(service)]],
            "addressType": "IPv4", "endpoints": .array(list),
            "ports": [["name": "http", "port": 8080, "protocol": "TCP"]],
        ]
    }
}
