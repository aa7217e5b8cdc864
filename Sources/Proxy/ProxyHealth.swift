import KubeAPI
import Net

/// How the proxy does, as kube-proxy's `/healthz` and `/livez` tell it (k8s.io/kubernetes
/// pkg/proxy/healthcheck/proxy_health.go).
package struct ProxyHealth: Hashable, Sendable {
    package struct Family: Hashable, Sendable {
        /// When the kernel last had all that was known.
        package let lastUpdated: Timestamp
        /// Nothing has waited for the kernel for twice the sync period.
        package let isHealthy: Bool

        package init(lastUpdated: Timestamp, isHealthy: Bool) {
            self.lastUpdated = lastUpdated
            self.isHealthy = isHealthy
        }
    }

    package let currentTime: Timestamp
    /// Load balancers may send to this node: its Node object is known, is not being deleted, and is not tainted by a cluster
    /// autoscaler that is about to remove it.
    package let isNodeEligible: Bool
    /// Those that are served.
    package let families: [IPFamily: Family]

    package init(currentTime: Timestamp, isNodeEligible: Bool, families: [IPFamily: Family]) {
        self.currentTime = currentTime
        self.isNodeEligible = isNodeEligible
        self.families = families
    }

    /// All families are.
    package var isHealthy: Bool { families.values.allSatisfy(\.isHealthy) }

    /// The last update of any family.
    package var lastUpdated: Timestamp { families.values.map(\.lastUpdated).max() ?? currentTime }
}
