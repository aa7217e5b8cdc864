/// Fairlead's own metrics.
package enum FairleadMetrics {
    /// Those that are recorded; the traffic of Services is collected.
    package static var declarations: [MetricDeclaration] {
        let family = ["ip_family"]
        return [
            MetricDeclaration(
                "fairlead_programming_duration_seconds", .histogram,
                help: "From the arrival of the oldest change of a commit to the kernel's acknowledgement",
                // From 10 µs to 5.2 s.
                buckets: MetricDeclaration.exponentialBuckets(from: 0.00001, count: 20)),
            MetricDeclaration(
                "fairlead_commits_total", .counter, help: "Transactions that the kernel acknowledged",
                labels: ["kind"]),
            MetricDeclaration(
                "fairlead_committed_elements_total", .counter, help: "Set elements added and removed by commits"),
            MetricDeclaration(
                "fairlead_committed_bytes_total", .counter, help: "Bytes sent to the kernel for commits"),
            MetricDeclaration(
                "fairlead_repairs_total", .counter,
                help: "Changes that others made to the tables and that were put right"),
            MetricDeclaration(
                "fairlead_netlink_errors_total", .counter, help: "Requests that the kernel refused",
                labels: ["operation"]),
            MetricDeclaration(
                "fairlead_service_ports", .gauge, help: "Service ports that the kernel should have", labels: family),
            MetricDeclaration(
                "fairlead_endpoints", .gauge,
                help: "Endpoints of all service ports that get new connections", labels: family),
            MetricDeclaration(
                "fairlead_problems", .gauge, help: "Objects with a part that had to be left out"),
            MetricDeclaration(
                "fairlead_refused_service_ports", .gauge, help: "Service ports that the kernel refuses"),
        ]
    }

    /// Constant 1, with what this build is.
    ///
    /// - Parameter labels: such as `version`.
    package static func buildInfo(_ labels: [(String, String)]) -> MetricCollector {
        let name = "fairlead_build_info"
        let declaration = MetricDeclaration(
            name, .gauge, help: "Constant 1, labelled with what this build is", labels: labels.map(\.0))
        return MetricCollector([declaration]) { [MetricCollector.Sample(name, 1, labels)] }
    }

    /// The traffic of Services.
    ///
    /// - Parameter counts: what was counted for each service port; nil where it is not counted.
    package static func traffic(counts: @escaping @Sendable () async -> [ServiceTrafficCount]?) -> MetricCollector {
        let labels = ["namespace", "service", "port", "protocol", "ip_family"]
        func declaration(_ name: String, _ help: String) -> MetricDeclaration {
            MetricDeclaration("fairlead_service_\(name)_total", .counter, help: help, labels: labels + ["direction"])
        }
        let declarations = [
            MetricDeclaration(
                "fairlead_service_connections_total", .counter, help: "Connections to a service port", labels: labels),
            declaration("packets", "Packets of connections to a service port, as conntrack counts them"),
            declaration("bytes", "Bytes of connections to a service port, with network headers"),
        ]
        return MetricCollector(declarations) { await counts()?.flatMap(\.samples) ?? [] }
    }

    /// How well `healthz` and `livez` do, as `/metrics/slis` has it (k8s.io/component-base metrics/prometheus/slis).
    package static func healthIndicators(_ states: @escaping @Sendable () -> [String: Bool]) -> MetricCollector {
        let name = "kubernetes_healthcheck"
        let declaration = MetricDeclaration(
            name, .gauge, help: "This metric records the result of a single healthcheck.", labels: ["name", "type"])
        return MetricCollector([declaration]) {
            states().map { MetricCollector.Sample(name, $0.value ? 1 : 0, [("name", "proxy"), ("type", $0.key)]) }
        }
    }
}

/// The traffic of one service port since the daemon's start.
package struct ServiceTrafficCount: Sendable {
    package struct Direction: Sendable {
        package let packets: UInt64
        package let bytes: UInt64

        package init(packets: UInt64, bytes: UInt64) {
            self.packets = packets
            self.bytes = bytes
        }
    }

    fileprivate let labels: [(String, String)]
    fileprivate let connections: UInt64
    fileprivate let toEndpoints: Direction
    fileprivate let fromEndpoints: Direction

    /// - Parameters:
    ///   - port: the port's name.
    ///   - family: "IPv4" or "IPv6".
    package init(
        namespace: String, service: String, port: String, protocol: String, family: String, connections: UInt64,
        toEndpoints: Direction, fromEndpoints: Direction
    ) {
        labels = [
            ("namespace", namespace), ("service", service), ("port", port), ("protocol", `protocol`),
            ("ip_family", family),
        ]
        self.connections = connections
        self.toEndpoints = toEndpoints
        self.fromEndpoints = fromEndpoints
    }

    fileprivate var samples: [MetricCollector.Sample] {
        var samples = [MetricCollector.Sample("fairlead_service_connections_total", Double(connections), labels)]
        for (name, direction) in [("to_endpoints", toEndpoints), ("from_endpoints", fromEndpoints)] {
            let labels = labels + [("direction", name)]
            samples.append(.init("fairlead_service_packets_total", Double(direction.packets), labels))
            samples.append(.init("fairlead_service_bytes_total", Double(direction.bytes), labels))
        }
        return samples
    }
}
