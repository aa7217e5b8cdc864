import FoundationEssentials
import KubeAPI
import Logging
import Net
import Synchronization

@testable import ControlPlane

typealias Service = KubeAPI.Service

extension Service {
    /// A Service `default/<name>` that selects `app=<name>` and has the port 80.
    init(
        _ name: String, type: String = "ClusterIP", ports: [ServicePortSpec] = [ServicePortSpec(port: 80)],
        with change: (inout ServiceSpec) -> Void = { _ in }
    ) {
        self.init(
            metadata: ObjectMeta(name: name, namespace: "default"),
            spec: ServiceSpec(type: type, selector: ["app": name], ports: ports))
        change(&spec)
    }
}

extension Pod {
    /// A running Pod `default/<name>` with the label `app`.
    init(_ name: String, app: String, _ addresses: [String], isReady: Bool = true, ports: [ContainerPort] = []) {
        self.init(
            metadata: ObjectMeta(name: name, namespace: "default", labels: ["app": app]),
            spec: PodSpec(nodeName: "n1", containers: [Container(name: "c", ports: ports)]),
            status: PodStatus(
                phase: "Running", podIPs: addresses,
                conditions: [Condition(type: "Ready", status: isReady ? "True" : "False")]))
    }
}

/// Small numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// The messages that were logged at error level, and those at warning level.
final class ErrorLog: Sendable {
    private let recorded = Mutex<[(level: Logger.Level, text: String)]>([])
    var messages: [String] { recorded.withLock { $0.filter { $0.level == .error }.map(\.text) } }
    var warnings: [String] { recorded.withLock { $0.filter { $0.level == .warning }.map(\.text) } }
    func clear() { recorded.withLock { $0 = [] } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: ErrorLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.warning
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            log.recorded.withLock { $0.append((event.level, "\(event.message)")) }
        }
    }
}
