import KubeAPI

/// The Pods of a Job.
struct JobTemplate {
    private static let indexVariable = "JOB_COMPLETION_INDEX"
    /// As long as a name may be that five letters are added to.
    private static let prefixLimit = 58

    private let job: Unstructured
    private let spec: JobSpec
    private let template: JSONValue
    private let lastFailures: [Int: PodRecord]

    init(_ turn: JobTurn) {
        job = turn.job
        spec = turn.spec
        lastFailures = turn.lastFailures
        var template = job.tree[["spec", "template"]] ?? .null
        var finalizers = template.texts(at: "metadata", "finalizers")
        if !finalizers.contains(JobController.tracking) { finalizers.append(JobController.tracking) }
        template[["metadata", "finalizers"]] = JSONValue(finalizers)
        if spec.isIndexed {
            for key in ["initContainers", "containers"] {
                guard let containers = template[["spec", key]]?.array else { continue }
                template[["spec", key]] = .array(containers.map(Self.addingVariable))
            }
        }
        self.template = template
    }

    private static func addingVariable(_ container: JSONValue) -> JSONValue {
        let variables = container.list(at: "env")
        if variables.contains(where: { $0.text(at: "name") == indexVariable }) { return container }
        var container = container
        container["env"] = .array(
            variables + [
                [
                    "name": .string(indexVariable),
                    "valueFrom": ["fieldRef": ["fieldPath": .string("metadata.labels['\(JobPod.indexKey)']")]],
                ]
            ])
        return container
    }

    /// - Parameter index: nil in a Job without indexes.
    func pod(_ index: Int?) -> Unstructured {
        guard let index else { return PodTemplate.pod(template, owner: job) }
        let ending = "-\(index)-"
        let prefix = String(job.name.prefix(Self.prefixLimit - ending.utf8.count)) + ending
        var pod = PodTemplate.pod(template, owner: job, namePrefix: prefix)
        pod.annotations[JobPod.indexKey] = "\(index)"
        pod.labels[JobPod.indexKey] = "\(index)"
        pod[["spec", "hostname"]] = .string("\(job.name)-\(index)")
        if spec.backoffLimitPerIndex != nil {
            let last = lastFailures[index]
            let isIgnored = last.map { spec.action(for: $0) == .ignore } ?? false
            let failures = (last?.job?.failures ?? 0) + (last == nil || isIgnored ? 0 : 1)
            let ignored = (last?.job?.ignoredFailures ?? 0) + (isIgnored ? 1 : 0)
            pod.annotations[JobPod.failuresKey] = "\(failures)"
            if ignored > 0 { pod.annotations[JobPod.ignoredFailuresKey] = "\(ignored)" }
        }
        return pod
    }
}
