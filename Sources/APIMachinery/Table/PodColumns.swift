import KubeAPI

/// What `kubectl get pods` prints (`printPod` in upstream's printers.go).
enum PodColumns {
    static let columns: [TableColumn] = [
        .name,
        .text("Ready", "The aggregate readiness state of this pod for accepting traffic.") { PodSummary($0).ready },
        .text("Status", "The aggregate status of the containers in this pod.") { PodSummary($0).reason },
        TableColumn(
            "Restarts",
            documentation:
                "How often the containers in this pod have been restarted, and when the last of them was."
        ) { object, now in .string(PodSummary(object).restarts(now: now)) },
        .age,
        .text("IP", priority: 1, "The address of the pod, once it has one.") { pod in
            orNone(pod.status.list("podIPs").first?.text("ip") ?? "")
        },
        .text("Node", priority: 1, "The node that the pod is bound to.") { orNone($0.spec.text("nodeName")) },
        .text("Nominated Node", priority: 1, "The node on which room is being made for the pod.") {
            orNone($0.status.text("nominatedNodeName"))
        },
        .text("Readiness Gates", priority: 1, "The conditions that the pod's readiness waits for.", gates),
    ]

    static let fields = FieldMask(
        [
            "spec.containers.name", "spec.initContainers.name", "spec.initContainers.restartPolicy", "spec.nodeName",
            "spec.readinessGates", "status.phase", "status.reason", "status.podIPs", "status.nominatedNodeName",
            "status.conditions.type", "status.conditions.status", "status.conditions.reason",
        ]
            + ["containerStatuses", "initContainerStatuses"].flatMap { statuses in
                ["name", "ready", "started", "restartCount", "state", "lastState"].map { "status.\(statuses).\($0)" }
            })

    /// The same cells, for which the containers are looked at once.
    @Sendable
    static func cells(_ pod: Unstructured, _ now: Timestamp) -> [JSONValue] {
        let summary = PodSummary(pod)
        let texts = [summary.ready, summary.reason, summary.restarts(now: now)]
        return [columns[0].cell(pod, now)] + texts.map { .string($0) } + columns[4...].map { $0.cell(pod, now) }
    }

    /// A pod that has run to its end is said to be completed.
    static func conditions(_ pod: Unstructured) -> [JSONValue] {
        let message: String
        switch pod.status.text("phase") {
        case "Succeeded": message = "The pod has completed successfully."
        case "Failed": message = "The pod failed."
        default: return []
        }
        return [
            [
                "type": "Completed", "status": "True", "reason": .string(pod.status.text("phase")),
                "message": .string(message),
            ]
        ]
    }

    private static func orNone(_ text: String) -> String { text.isEmpty ? "<none>" : text }

    private static func gates(_ pod: Unstructured) -> String {
        let gates = pod.spec.list("readinessGates")
        guard !gates.isEmpty else { return "<none>" }
        let conditions = pod.status.list("conditions")
        let met = gates.filter { gate in
            conditions.first { $0.text("type") == gate.text("conditionType") }?.text("status") == "True"
        }
        return "\(met.count)/\(gates.count)"
    }
}

/// What becomes of a pod's containers, in few words.
struct PodSummary {
    private(set) var reason: String
    private var readyCount = 0
    private var containerCount: Int
    private var restartCount = 0
    private var lastRestart: Timestamp?

    var ready: String { "\(readyCount)/\(containerCount)" }

    func restarts(now: Timestamp) -> String {
        guard restartCount != 0, let lastRestart else { return "\(restartCount)" }
        return "\(restartCount) (\(HumanDuration.text(since: lastRestart, now: now)) ago)"
    }

    init(_ pod: Unstructured) {
        let (spec, status) = (pod.spec, pod.status)
        let conditions = status.list("conditions")
        reason = status.text("reason").isEmpty ? status.text("phase") : status.text("reason")
        if conditions.contains(where: { $0.text("type") == "PodScheduled" && $0.text("reason") == "SchedulingGated" }) {
            reason = "SchedulingGated"
        }
        let initContainers = spec.list("initContainers")
        let sidecars = Set(initContainers.filter { $0.text("restartPolicy") == "Always" }.map { $0.text("name") })
        containerCount = spec.list("containers").count + sidecars.count
        var ofSidecars: (count: Int, last: Timestamp?) = (0, nil)
        let isInitializing = addInitContainers(
            status.list("initContainerStatuses"), of: initContainers.count, sidecars, &ofSidecars)
        let isInitialized = conditions.first { $0.text("type") == "Initialized" }?.text("status") == "True"
        if !isInitializing || isInitialized {
            (restartCount, lastRestart) = (ofSidecars.count, ofSidecars.last)
            addContainers(status.list("containerStatuses"), conditions)
        }
        guard pod.metadata.has("deletionTimestamp") else { return }
        if status.text("reason") == "NodeLost" {
            reason = "Unknown"
        } else if status.text("phase") != "Succeeded", status.text("phase") != "Failed" {
            reason = "Terminating"
        }
    }

    /// Returns whether one of them has still to come to its end, which is the reason then.
    private mutating func addInitContainers(
        _ statuses: [JSONValue], of count: Int, _ sidecars: Set<String>,
        _ ofSidecars: inout (count: Int, last: Timestamp?)
    ) -> Bool {
        for (index, container) in statuses.enumerated() {
            addRestarts(of: container, &restartCount, &lastRestart)
            let isSidecar = sidecars.contains(container.text("name"))
            if isSidecar { addRestarts(of: container, &ofSidecars.count, &ofSidecars.last) }
            let state = container.part("state")
            let terminated = state.field("terminated")
            if terminated?.number("exitCode") == 0 { continue }
            if isSidecar, container.flag("started") {
                if container.flag("ready") { readyCount += 1 }
                continue
            }
            let waiting = state.part("waiting").text("reason")
            if let terminated {
                reason = "Init:\(Self.end(terminated))"
            } else if !waiting.isEmpty, waiting != "PodInitializing" {
                reason = "Init:\(waiting)"
            } else {
                reason = "Init:\(index)/\(count)"
            }
            return true
        }
        return false
    }

    private mutating func addContainers(_ statuses: [JSONValue], _ conditions: [JSONValue]) {
        var isRunning = false
        var error = ""
        for container in statuses.reversed() {
            addRestarts(of: container, &restartCount, &lastRestart)
            let state = container.part("state")
            let waiting = state.part("waiting").text("reason")
            if !waiting.isEmpty {
                reason = waiting
            } else if let terminated = state.field("terminated") {
                reason = Self.end(terminated)
                if terminated.number("exitCode") != 0 { error = reason }
            } else if container.flag("ready"), state.has("running") {
                isRunning = true
                readyCount += 1
            }
        }
        guard reason == "Completed" else { return }
        let isReady = conditions.contains { $0.text("type") == "Ready" && $0.text("status") == "True" }
        if isRunning, isReady {
            reason = "Running"
        } else if !error.isEmpty {
            reason = error
        } else if isRunning {
            reason = "NotReady"
        }
    }

    private func addRestarts(of container: JSONValue, _ count: inout Int, _ last: inout Timestamp?) {
        count += container.number("restartCount")
        guard let time = container.part("lastState").field("terminated")?.time("finishedAt") else { return }
        last = max(last ?? time, time)
    }

    private static func end(_ terminated: JSONValue) -> String {
        let reason = terminated.text("reason")
        if !reason.isEmpty { return reason }
        let signal = terminated.number("signal")
        return signal != 0 ? "Signal:\(signal)" : "ExitCode:\(terminated.number("exitCode"))"
    }
}
