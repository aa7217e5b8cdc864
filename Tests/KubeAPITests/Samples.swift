@testable import KubeAPI

/// Objects as `kubectl get -o json` prints them (Kubernetes 1.34), unknown fields and all.
enum Samples {
    static let service = """
        {"apiVersion": "v1", "kind": "Service",
         "metadata": {
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{\\"apiVersion\\":\\"v1\\"}\\n"},
            "creationTimestamp": "2025-03-04T05:06:07Z", "labels": {"app": "web", "app.kubernetes.io/name": "web"},
            "name": "web", "namespace": "default", "resourceVersion": "31415",
            "uid": "0b6e5dfa-4f1c-4a4e-9d06-9a1a3f1d7d11",
            "managedFields": [{"manager": "kubectl", "operation": "Apply", "fieldsV1": {"f:spec": {"f:type": {}}}}]},
         "spec": {
            "allocateLoadBalancerNodePorts": true, "clusterIP": "10.96.7.8", "clusterIPs": ["10.96.7.8", "fd00:96::78"],
            "externalIPs": ["192.0.2.10"], "externalTrafficPolicy": "Local", "healthCheckNodePort": 31234,
            "internalTrafficPolicy": "Cluster", "ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "PreferDualStack",
            "loadBalancerClass": "example.com/lb", "loadBalancerSourceRanges": ["198.51.100.0/24"],
            "ports": [
                {"name": "http", "nodePort": 30599, "port": 8080, "protocol": "TCP", "targetPort": "http"},
                {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 5353, "appProtocol": "dns"}],
            "publishNotReadyAddresses": true, "selector": {"app": "web"}, "sessionAffinity": "ClientIP",
            "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10800}}, "trafficDistribution": "PreferClose",
            "type": "LoadBalancer"},
         "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.5", "ipMode": "VIP"}]}}}
        """

    static let endpointSlice = """
        {"addressType": "IPv4", "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
         "endpoints": [
            {"addresses": ["10.244.1.17"], "conditions": {"ready": true, "serving": true, "terminating": false},
             "hints": {"forZones": [{"name": "eu-1a"}]}, "nodeName": "node-1", "zone": "eu-1a",
             "targetRef": {"kind": "Pod", "name": "web-7d9c-x2x", "namespace": "default", "uid": "c0ffee"}},
            {"addresses": ["10.244.2.9", "10.244.2.10"], "conditions": {"ready": false}, "hostname": "web-0"},
            {"addresses": [], "conditions": {}}],
         "metadata": {
            "generateName": "web-", "generation": 7, "name": "web-abcde", "namespace": "default",
            "labels": {"kubernetes.io/service-name": "web"},
            "ownerReferences": [{"apiVersion": "v1", "blockOwnerDeletion": true, "controller": true,
                "kind": "Service", "name": "web", "uid": "0b6e5dfa"}]},
         "ports": [{"name": "", "port": 8080, "protocol": "TCP"}, {"name": "dns", "port": null, "protocol": "UDP"}]}
        """

    static let pod = """
        {"apiVersion": "v1", "kind": "Pod",
         "metadata": {"name": "web-7d9c-x2x", "namespace": "default", "deletionGracePeriodSeconds": 30,
            "deletionTimestamp": "2025-03-04T05:06:37Z", "finalizers": ["example.com/guard"]},
         "spec": {
            "nodeName": "node-1", "hostNetwork": true, "hostname": "web-0", "subdomain": "web",
            "containers": [{"name": "web", "image": "web:1", "resources": {"limits": {"cpu": 0.5}},
                "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP", "hostPort": 80}]}],
            "initContainers": [{"name": "sidecar", "restartPolicy": "Always"}],
            "tolerations": [{"effect": "NoExecute", "key": "node.kubernetes.io/not-ready", "tolerationSeconds": 300}]},
         "status": {
            "conditions": [{"lastProbeTime": null, "status": "True", "type": "Ready"}], "hostIP": "192.0.2.1",
            "phase": "Running", "podIP": "10.244.1.17", "podIPs": [{"ip": "10.244.1.17"}, {"ip": "fd00:244::17"}]}}
        """

    static let node = """
        {"apiVersion": "v1", "kind": "Node",
         "metadata": {"name": "node-1", "labels": {"topology.kubernetes.io/zone": "eu-1a"}},
         "spec": {"podCIDR": "10.244.1.0/24", "podCIDRs": ["10.244.1.0/24", "fd00:244:1::/64"], "unschedulable": true,
            "taints": [{"effect": "NoSchedule", "key": "node.kubernetes.io/unschedulable"}]},
         "status": {
            "addresses": [{"address": "192.0.2.1", "type": "InternalIP"}, {"address": "node-1", "type": "Hostname"}],
            "capacity": {"cpu": "2"}, "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}],
            "nodeInfo": {"kubeletVersion": "v1.34.0"}}}
        """

    static let namespace = """
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default", "creationTimestamp": null},
         "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}
        """

    static let serviceCIDR = """
        {"apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR", "metadata": {"name": "kubernetes"},
         "spec": {"cidrs": ["10.96.0.0/16", "fd00:96::/112"]},
         "status": {"conditions": [{"type": "Ready", "status": "True", "message": "Kubernetes Service CIDR is ready"}]}}
        """

    static let all = [service, endpointSlice, pod, node, namespace, serviceCIDR]

    /// Each of them with its type.
    static let typed: [(type: any KubernetesObject.Type, json: String)] = [
        (Service.self, service), (EndpointSlice.self, endpointSlice), (Pod.self, pod), (Node.self, node),
        (Namespace.self, namespace), (ServiceCIDR.self, serviceCIDR),
    ]
}
