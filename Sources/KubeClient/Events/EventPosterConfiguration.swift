import KubeAPI
import Logging

/// How events are posted.
package struct EventPosterConfiguration: Sendable {
    /// Who says it: `kube-proxy`, by which tools find a node's proxy.
    package var reportingController = "kube-proxy"
    /// Which of them, by its host's own name, whatever its Node is called: `kube-proxy-host-1`.
    package var reportingInstance: String
    /// More than these waiting are dropped.
    package var queueLimit = 100
    /// As client-go has it (tools/events/event_broadcaster.go, `maxTriesPerEvent`).
    package var attempts = 12
    package var backoff = Backoff(start: .seconds(1), maximum: .seconds(30), jitter: 0.25)
    /// The same event within this time is one more of a series (client-go's `finishTime`).
    package var seriesWindow: Duration = .seconds(360)
    /// How often a series is written at most, but for its beginning.
    package var seriesInterval: Duration = .seconds(60)

    package var clock = ClientClock.continuous
    package var wallTime: @Sendable () -> Timestamp = { .now }
    package var randomness: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    package var logger: Logger

    /// - Parameter host: the name of this host.
    package init(host: String, logger: Logger) {
        reportingInstance = "kube-proxy-\(host)"
        self.logger = logger
    }
}
