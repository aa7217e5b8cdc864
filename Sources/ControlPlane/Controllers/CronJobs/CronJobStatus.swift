import KubeAPI

/// What a CronJob's status says, while its controller works on it.
struct CronJobStatus {
    /// References of the Jobs that run.
    private(set) var active: [JSONValue]
    var lastSchedule: Timestamp?
    private var lastSuccess: Timestamp?

    init(_ cronJob: Unstructured) {
        active = cronJob.tree.list(at: "status", "active")
        lastSchedule = cronJob.tree.time(at: "status", "lastScheduleTime")
        lastSuccess = cronJob.tree.time(at: "status", "lastSuccessfulTime")
    }

    func isActive(uid: String) -> Bool { active.contains { $0.text(at: "uid") == uid } }

    func isActive(name: String) -> Bool { active.contains { $0.text(at: "name") == name } }

    mutating func add(_ job: Unstructured) {
        active.append([
            "apiVersion": .string(job.apiVersion), "kind": .string(job.kind), "name": .string(job.name),
            "namespace": .string(job.namespace), "resourceVersion": .string(job.resourceVersion),
            "uid": .string(job.uid),
        ])
    }

    mutating func remove(uid: String) { active.removeAll { $0.text(at: "uid") == uid } }

    mutating func noteSuccess(at time: Timestamp?) {
        guard let time else { return }
        lastSuccess = max(time, lastSuccess ?? time)
    }

    var json: JSONValue {
        var status: JSONValue = .object(JSONObject())
        if !active.isEmpty { status["active"] = .array(active) }
        status["lastScheduleTime"] = lastSchedule.map { .string($0.text) }
        status["lastSuccessfulTime"] = lastSuccess.map { .string($0.text) }
        return status
    }
}
