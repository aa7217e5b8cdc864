import KubeAPI

/// Something that the users of a cluster are to see: `kubectl get events`, `kubectl describe`.
package struct KubeEvent: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case normal = "Normal"
        case warning = "Warning"
    }

    /// The object that it is about (core/v1 `ObjectReference`).
    package struct Regarding: Sendable, Hashable, Encodable {
        package let apiVersion: String
        package let kind: String
        /// Nil for a cluster-scoped object.
        package let namespace: String?
        package let name: String
        package let uid: String?

        package init(apiVersion: String, kind: String, namespace: String? = nil, name: String, uid: String? = nil) {
            self.apiVersion = apiVersion
            self.kind = kind
            self.namespace = namespace
            self.name = name
            self.uid = uid
        }
    }

    package let regarding: Regarding
    package let kind: Kind
    /// Why it happened, in one word: `Starting`, `FailedToStartServiceHealthcheck`. At most 128 bytes.
    package let reason: String
    /// What was being done: `StartKubeProxy`, `Listen`. At most 128 bytes.
    package let action: String
    /// For people; cut after 1024 bytes, the most that a server takes (apis/core/validation/events.go).
    package let note: String

    package init(regarding: Regarding, kind: Kind, reason: String, action: String, note: String = "") {
        self.regarding = regarding
        self.kind = kind
        self.reason = reason
        self.action = action
        self.note = note
    }
}

extension KubeEvent.Regarding {
    /// A Node, by its name alone. Its name is the UID, too: by that `kubectl describe node` finds what a node's own
    /// daemons report, as it does for the kubelet's.
    package static func node(_ name: String) -> Self { Self(apiVersion: "v1", kind: "Node", name: name, uid: name) }

    package static func service(_ name: ObjectName) -> Self {
        Self(apiVersion: "v1", kind: "Service", namespace: name.namespace, name: name.name)
    }
}

/// The events of kube-proxy (cmd/kube-proxy/app/server.go, pkg/proxy/healthcheck/service_health.go).
extension KubeEvent {
    package static func starting(node: String) -> KubeEvent {
        KubeEvent(regarding: .node(node), kind: .normal, reason: "Starting", action: "StartKubeProxy")
    }

    /// The server of `/healthz` could not listen.
    package static func failedToStartProxierHealthcheck(node: String, cause: String) -> KubeEvent {
        KubeEvent(
            regarding: .node(node), kind: .warning, reason: "FailedToStartProxierHealthcheck",
            action: "StartKubeProxy", note: cause)
    }

    /// The server of `/metrics` could not listen.
    package static func failedToStartMetricServer(node: String, cause: String) -> KubeEvent {
        KubeEvent(
            regarding: .node(node), kind: .warning, reason: "FailedToStartMetricServer", action: "StartKubeProxy",
            note: cause)
    }

    /// A Service's `healthCheckNodePort` could not be listened on.
    package static func failedToStartServiceHealthcheck(
        node: String, service: ObjectName, port: UInt16, cause: String
    ) -> KubeEvent {
        KubeEvent(
            regarding: .service(service), kind: .warning, reason: "FailedToStartServiceHealthcheck", action: "Listen",
            note: "node \(node) failed to start healthcheck \"\(service.namespace)/\(service.name)\" on port \(port): "
                + cause)
    }
}
