import KubeAPI
import Net

/// The node that is played, as objects of the API.
struct KubeletNode: Sendable {
    let name: String
    let addresses: [IPAddress]
    let podNetworks: [IPPrefix]

    var path: String { "/api/v1/nodes/\(name)" }
    var leasePath: String { "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/\(name)" }

    var object: JSONValue {
        [
            "apiVersion": "v1", "kind": "Node",
            "metadata": [
                "name": .string(name),
                "labels": ["kubernetes.io/hostname": .string(name), "kubernetes.io/os": "linux"],
            ],
            "spec": [
                "podCIDR": .string(podNetworks.first?.description ?? ""),
                "podCIDRs": JSONValue(podNetworks.map(\.description)),
            ],
        ]
    }

    /// A strategic merge patch of its status.
    func status(at time: Timestamp) -> JSONValue {
        let resources: JSONValue = ["cpu": "8", "memory": "8Gi", "pods": "110"]
        var addresses = addresses.map { ["type": "InternalIP", "address": .string("\($0)")] as JSONValue }
        addresses.append(["type": "Hostname", "address": .string(name)])
        return [
            "status": [
                "capacity": resources, "allocatable": resources, "addresses": .array(addresses),
                "conditions": [
                    [
                        "type": "Ready", "status": "True", "reason": "KubeletReady",
                        "message": "kubelet is posting ready status", "lastHeartbeatTime": .string(time.text),
                        "lastTransitionTime": .string(time.text),
                    ]
                ],
            ]
        ]
    }

    /// The node's Lease, as it is renewed.
    func lease(at time: Timestamp) -> JSONValue {
        [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": ["name": .string(name), "namespace": "kube-node-lease"],
            "spec": [
                "holderIdentity": .string(name), "leaseDurationSeconds": 40, "renewTime": .string(time.microsecondText),
            ],
        ]
    }
}
