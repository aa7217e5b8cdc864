import Metrics
import Proxy

extension StatusServer {
    /// kube-proxy's `healthzBindAddress`: `/healthz` and `/livez`, of which both count their answers.
    ///
    /// - Parameters:
    ///   - metrics: where the counters are made; the process's own factory where nil.
    ///   - health: asked with each request; must not block.
    package static func healthRoutes(
        metrics: (any MetricsFactory)? = nil, health: @escaping @Sendable () -> ProxyHealth
    ) -> [String: Route] {
        let factory = metrics ?? MetricsSystem.factory
        func counted(_ name: String, _ answer: @escaping @Sendable (ProxyHealth) -> HTTPAnswer) -> Route {
            func counter(_ code: Int) -> Counter {
                Counter(label: "kubeproxy_proxy_\(name)_total", dimensions: [("code", "\(code)")], factory: factory)
            }
            let (good, bad) = (counter(200), counter(503))
            return .immediate {
                let answer = answer(health())
                (answer.statusCode == 200 ? good : bad).increment()
                return answer
            }
        }
        return ["/healthz": counted("healthz", HTTPAnswer.healthz), "/livez": counted("livez", HTTPAnswer.livez)]
    }

    /// kube-proxy's `metricsBindAddress` (k8s.io/kubernetes cmd/kube-proxy/app/server.go, `serveMetrics`).
    ///
    /// - Parameters:
    ///   - mode: what `/proxyMode` says.
    ///   - metrics: Prometheus' text format 0.0.4, for `/metrics`.
    ///   - indicators: the same, for `/metrics/slis`.
    ///   - configuration: JSON, for `/configz`.
    package static func metricsRoutes(
        mode: String = "nftables", metrics: @escaping @Sendable () async -> String,
        indicators: @escaping @Sendable () async -> String, configuration: @escaping @Sendable () -> [UInt8]
    ) -> [String: Route] {
        let contentType = "text/plain; version=0.0.4; charset=utf-8"
        return [
            "/healthz": .immediate { .text("ok") },
            "/proxyMode": .immediate { .text(mode) },
            "/metrics": .asynchronous {
                HTTPAnswer(contentType: contentType, body: [UInt8](await metrics().utf8))
            },
            "/metrics/slis": .asynchronous {
                HTTPAnswer(contentType: contentType, body: [UInt8](await indicators().utf8))
            },
            "/configz": .immediate { .json(configuration()) },
        ]
    }
}
