import Exposition
import KubeAPI
import Metrics
import Storage
import Synchronization

/// What the metrics of a request are told apart by (endpoints/metrics/metrics.go).
struct RequestLabels: Hashable, Sendable {
    /// `GET`, `LIST`, `WATCH`, `POST`, `PUT`, `PATCH`, `APPLY`, `DELETE`, `DELETECOLLECTION`.
    var verb: String
    /// `All`; mostly empty.
    var dryRun = ""
    var group = ""
    var version = ""
    var resource = ""
    /// Of what is no resource, its path.
    var subresource = ""
    /// `resource`, `namespace`, `cluster`; empty for what is no resource.
    var scope = ""

    fileprivate var place: [(String, String)] {
        [
            ("verb", verb), ("group", group), ("version", version), ("resource", resource),
            ("subresource", subresource), ("scope", scope), ("component", "apiserver"),
        ]
    }
}

/// The metrics of the API, under kube-apiserver's names and with its meanings.
package final class APIMetrics: Sendable {
    private struct Series {
        let duration: Recorder
        let running: Meter?
        var counts: [Int: Counter] = [:]
    }

    private let registry: MetricsRegistry
    private let series = Mutex<[RequestLabels: Series]>([:])
    /// Of the servers that are counted together.
    private let limits = Mutex<[InFlightLimit]>([])

    /// - Parameter served: what `apiserver_storage_objects` counts.
    package init(_ served: Registry) {
        var limits = MetricsRegistry.Limits()
        // Kinds times verbs times codes.
        limits.series = 20_000
        registry = MetricsRegistry(limits: limits)
        registry.declare(Self.declarations)
        registry.add(ProcessMetrics.collector)
        registry.add(Self.objects(of: served))
        registry.add(
            MetricCollector([Self.inFlight]) { [weak self] in
                let limits = self?.limits.withLock { $0 } ?? []
                return InFlightLimit.Kind.allCases.map { kind in
                    MetricCollector.Sample(
                        Self.inFlight.name, limits.reduce(0) { $0 + Double($1.count(kind)) },
                        [("request_kind", kind.rawValue)])
                }
            })
    }

    /// What `/metrics` answers with, in Prometheus' text format.
    func text() async -> String { await registry.text() }

    /// A request has begun.
    func begin(_ labels: RequestLabels) { with(labels) { $0.running?.increment() } }

    /// A request has ended.
    func end(_ labels: RequestLabels) { with(labels) { $0.running?.decrement() } }

    /// Counts a request that has been answered.
    func count(_ labels: RequestLabels, code: Int, duration: Duration) {
        let factory = registry
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
        with(labels) { series in
            series.duration.record(seconds)
            if let counter = series.counts[code] { return counter.increment() }
            let counter = Counter(
                label: "apiserver_request_total",
                dimensions: labels.place + [("dry_run", labels.dryRun), ("code", String(code))], factory: factory)
            series.counts[code] = counter
            counter.increment()
        }
    }

    /// What counts the events that watches of a kind have been sent.
    func watchEvents(of resource: Resource) -> Counter {
        Counter(
            label: "apiserver_watch_events_total",
            dimensions: [("group", resource.group), ("version", resource.version), ("resource", resource.plural)],
            factory: registry)
    }

    /// Says how many requests are worked on, too, that this bounds.
    func follow(_ limit: InFlightLimit) { limits.withLock { $0.append(limit) } }

    /// What the store has, and what this program is.
    private static func objects(of served: Registry) -> MetricCollector {
        MetricCollector([storageObjects, resourceObjects, buildInfo]) {
            let version = ServerVersion()
            var samples = [
                MetricCollector.Sample(
                    buildInfo.name, 1,
                    [
                        ("major", version.major), ("minor", version.minor), ("git_version", version.gitVersion),
                        ("platform", version.platform),
                    ])
            ]
            for kind in served.kinds where kind.rules.storedShape == nil {
                // Nobody needs the objects themselves: they are counted.
                let range = try? await served.store.range(RangeRequest(.prefix(kind.keyPrefix), limit: 0))
                let count = range.map { Double($0.remainingCount) } ?? -1
                let (group, plural) = (kind.resource.group, kind.resource.plural)
                let name = group.isEmpty ? plural : "\(plural).\(group)"
                samples.append(MetricCollector.Sample(storageObjects.name, count, [("resource", name)]))
                samples.append(
                    MetricCollector.Sample(resourceObjects.name, count, [("group", group), ("resource", plural)]))
            }
            return samples
        }
    }

    private func with(_ labels: RequestLabels, _ body: (inout Series) -> Void) {
        let factory = registry
        series.withLock { series in
            if series[labels] == nil {
                series[labels] = Series(
                    duration: Recorder(
                        label: "apiserver_request_duration_seconds",
                        dimensions: labels.place + [("dry_run", labels.dryRun)], aggregate: true, factory: factory),
                    running: labels.verb == "WATCH"
                        ? Meter(label: "apiserver_longrunning_requests", dimensions: labels.place, factory: factory)
                        : nil)
            }
            // It is there.
            if var found = series.removeValue(forKey: labels) {
                body(&found)
                series[labels] = found
            }
        }
    }
}

extension APIMetrics {
    private static let place = ["verb", "group", "version", "resource", "subresource", "scope", "component"]
    private static let inFlight = MetricDeclaration(
        "apiserver_current_inflight_requests", .gauge,
        help: "Requests that are worked on now, without watches, by kind.", labels: ["request_kind"])
    private static let storageObjects = MetricDeclaration(
        "apiserver_storage_objects", .gauge, help: "Stored objects by resource; -1 where that cannot be told.",
        labels: ["resource"])
    private static let resourceObjects = MetricDeclaration(
        "apiserver_resource_objects", .gauge,
        help: "Stored objects by group and resource; -1 where that cannot be told.",
        labels: ["group", "resource"])
    private static let buildInfo = MetricDeclaration(
        "kubernetes_build_info", .gauge, help: "Always 1: what is served says its labels.",
        labels: ["major", "minor", "git_version", "platform"])

    private static let declarations = [
        MetricDeclaration(
            "apiserver_request_total", .counter,
            help: "Requests that have been answered, by what they asked for and the code.",
            labels: place + ["dry_run", "code"]),
        MetricDeclaration(
            "apiserver_request_duration_seconds", .histogram,
            help: "Time from a request's arrival until its answer was written, in seconds.",
            labels: place + ["dry_run"],
            buckets: [
                0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
            ]),
        MetricDeclaration(
            "apiserver_longrunning_requests", .gauge, help: "Watches that are running, by what they watch.",
            labels: place),
        MetricDeclaration(
            "apiserver_watch_events_total", .counter, help: "Events that have been sent to watches.",
            labels: ["group", "version", "resource"]),
    ]
}
