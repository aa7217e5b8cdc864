import FoundationEssentials
import Proxy

/// What a health check server says, in the form that kube-proxy gives it (KEP-1669; kube-proxy's
/// `pkg/proxy/healthcheck/service_health.go`).
extension HTTPAnswer {
    /// 200 where new connections may be sent to this node, else 503.
    init(_ service: HealthChecks.Service, proxyIsHealthy: Bool) {
        self = .json(
            Body(service, proxyIsHealthy: proxyIsHealthy).encoded,
            statusCode: service.localEndpoints > 0 && proxyIsHealthy ? 200 : 503,
            // Load balancers that know it send a node traffic in proportion.
            headers: [Header(name: "X-Load-Balancing-Endpoint-Weight", value: "\(service.localEndpoints)")])
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
    }
}

extension Encodable {
    /// As JSON with sorted keys. Strings, numbers and truth values always encode.
    var encoded: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []
    }
}
