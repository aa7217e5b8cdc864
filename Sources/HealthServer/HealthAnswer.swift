import FoundationEssentials
import Proxy

/// What a health check server says, in the form that kube-proxy gives it (KEP-1669; kube-proxy's
/// `pkg/proxy/healthcheck/service_health.go`).
struct HealthAnswer: Hashable, Sendable {
    /// HTTP status: 200 where new connections may be sent to this node, else 503.
    let statusCode: Int
    /// In the order in which they are sent.
    let headers: [Header]
    let body: [UInt8]

    /// A field of the answer's header.
    struct Header: Hashable, Sendable {
        let name: String
        let value: String
    }

    init(_ service: HealthChecks.Service, proxyIsHealthy: Bool) {
        statusCode = service.localEndpoints > 0 && proxyIsHealthy ? 200 : 503
        body = Body(service, proxyIsHealthy: proxyIsHealthy).encoded
        headers = [
            Header(name: "Content-Type", value: "application/json"),
            Header(name: "X-Content-Type-Options", value: "nosniff"),
            // Load balancers that know it send a node traffic in proportion.
            Header(name: "X-Load-Balancing-Endpoint-Weight", value: "\(service.localEndpoints)"),
            Header(name: "Content-Length", value: "\(body.count)"),
            // One answer a connection: none is left over when its server goes.
            Header(name: "Connection", value: "close"),
        ]
    }

    private struct Body: Encodable {
        struct Name: Encodable {
            let namespace: String
            let name: String
        }

        let service: Name
        let localEndpoints: Int
        let serviceProxyHealthy: Bool

        init(_ service: HealthChecks.Service, proxyIsHealthy: Bool) {
            self.service = Name(namespace: service.name.namespace, name: service.name.name)
            localEndpoints = service.localEndpoints
            serviceProxyHealthy = proxyIsHealthy
        }

        /// Strings, a number and a truth value always encode.
        var encoded: [UInt8] {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []
        }
    }
}
