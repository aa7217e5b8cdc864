import Net
import Proxy

/// What kube-proxy's `/healthz` and `/livez` say (k8s.io/kubernetes pkg/proxy/healthcheck/proxy_health.go).
extension HTTPAnswer {
    /// 503 where the proxy is not healthy, or the node not eligible.
    static func healthz(_ health: ProxyHealth) -> HTTPAnswer {
        proxyHealth(health, isGood: health.isHealthy && health.isNodeEligible, nodeEligible: health.isNodeEligible)
    }

    /// 503 where the proxy is not healthy: a node that is about to go needs no restart of its proxy.
    static func livez(_ health: ProxyHealth) -> HTTPAnswer {
        proxyHealth(health, isGood: health.isHealthy, nodeEligible: nil)
    }

    private static func proxyHealth(_ health: ProxyHealth, isGood: Bool, nodeEligible: Bool?) -> HTTPAnswer {
        var status: [String: Body.Family] = [:]
        for (family, state) in health.families {
            status[family.description] = Body.Family(
                lastUpdated: state.lastUpdated.microsecondText, healthy: state.isHealthy)
        }
        // What is good counts as up to date, also where there was nothing to update.
        let lastUpdated = isGood ? health.currentTime : health.lastUpdated
        let body = Body(
            lastUpdated: lastUpdated.microsecondText, currentTime: health.currentTime.microsecondText,
            nodeEligible: nodeEligible, healthy: health.isHealthy, status: status)
        return .json(body.encoded, statusCode: isGood ? 200 : 503)
    }

    private struct Body: Encodable {
        struct Family: Encodable {
            let lastUpdated: String
            let healthy: Bool
        }

        let lastUpdated: String
        let currentTime: String
        let nodeEligible: Bool?
        /// Of the proxy alone, whatever the status code.
        let healthy: Bool
        let status: [String: Family]
    }
}
