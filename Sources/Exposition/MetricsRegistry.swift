import Metrics

/// Where metrics are kept until they are asked for.
package final class MetricsRegistry: Sendable {
    package init() {}
}
