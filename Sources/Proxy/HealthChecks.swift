import KubeAPI
import Net

/// What the health check servers of this node have to answer: for load balancers that ask whether a node has endpoints of
/// a Service with `externalTrafficPolicy: Local` (`spec.healthCheckNodePort`).
package struct HealthChecks: Hashable, Sendable {
    /// A Service that asks for such a server.
    package struct Service: Hashable, Sendable {
        package let name: ObjectName
        package let port: UInt16
        /// Different addresses of ready endpoints on this node, in all families.
        package let localEndpoints: Int

        package init(name: ObjectName, port: UInt16, localEndpoints: Int) {
            self.name = name
            self.port = port
            self.localEndpoints = localEndpoints
        }
    }

    /// Where to listen: this node's NodePort addresses.
    package var addresses: Set<IPAddress> = []
    /// In the order of their names.
    package var services: [Service] = []

    package init() {}
}
