import KubeAPI

/// What a StatefulSet has to do next, and how it is.
struct StatefulSetPlan {
    private(set) var creations: [Int] = []
    private(set) var deletions: [PodRecord] = []
    /// Pods with a lower number keep the revision that they have.
    let partition: Int
    /// The revision of the Pods that are not updated yet.
    private(set) var currentRevision: String
    private(set) var status: JSONValue = .null

    private let isParallel: Bool
    private let minReadySeconds: Int
    private let now: Timestamp

    /// - Parameter revision: the name of the current template's revision.
    init(_ set: Unstructured, revision: String, pods: [PodRecord], now: Timestamp) {
        let spec = set["spec"] ?? .null
        self.now = now
        isParallel = spec.text(at: "podManagementPolicy") == "Parallel"
        minReadySeconds = spec.int(at: "minReadySeconds") ?? 0
        let isOnDelete = spec.text(at: "updateStrategy", "type") == "OnDelete"
        let known = set.tree.text(at: "status", "currentRevision")
        currentRevision = known.isEmpty ? revision : known
        let first = spec.int(at: "ordinals", "start") ?? 0
        let count = set.wantedReplicas
        partition = (spec.int(at: "updateStrategy", "rollingUpdate", "partition") ?? 0)
        let numbered = pods.compactMap { pod in
            Self.number(of: pod, in: set.name).map { (number: $0, pod: pod) }
        }.sorted { $0.number < $1.number }
        let byNumber = Dictionary(numbered.map { ($0.number, $0.pod) }) { first, _ in first }
        let wanted = first..<(first + count)
        if replace(wanted, byNumber) {
            let surplus = numbered.filter { !wanted.contains($0.number) }
            if shrink(surplus.map(\.pod)), !isOnDelete { update(wanted, byNumber, to: revision) }
        }
        describe(set, pods: numbered.map(\.pod), revision: revision, count: count)
    }

    private static func number(of pod: PodRecord, in set: String) -> Int? {
        guard pod.name.name.hasPrefix("\(set)-") else { return nil }
        let digits = pod.name.name.dropFirst(set.count + 1)
        return digits.allSatisfy { $0.isASCII && $0.isNumber } ? Int(digits) : nil
    }

    private func isHealthy(_ pod: PodRecord) -> Bool {
        pod.deleted == nil && pod.isAvailable(minReadySeconds: minReadySeconds, now: now)
    }

    /// Makes what is missing, one after the other unless they may come at once.
    ///
    /// - Returns: whether all are there and well, so that the next step may begin.
    private mutating func replace(_ wanted: Range<Int>, _ pods: [Int: PodRecord]) -> Bool {
        var isWell = true
        for number in wanted {
            guard let pod = pods[number] else {
                creations.append(number)
                isWell = false
                if isParallel { continue }
                return false
            }
            if pod.isTerminal, pod.deleted == nil {
                deletions.append(pod)
                isWell = false
            } else if !isHealthy(pod) {
                isWell = false
            }
            if !isWell, !isParallel { return canGoOn(pod, wanted, pods) }
        }
        return isWell || isParallel
    }

    /// A Pod that is not well is in the way of those after it, but not of an update that may make it well.
    private func canGoOn(_ pod: PodRecord, _ wanted: Range<Int>, _ pods: [Int: PodRecord]) -> Bool {
        pod.deleted == nil && wanted.allSatisfy { pods[$0] != nil }
    }

    /// - Returns: whether nothing is too many.
    private mutating func shrink(_ surplus: [PodRecord]) -> Bool {
        guard let last = surplus.last else { return true }
        if isParallel {
            deletions += surplus.filter { $0.deleted == nil }
        } else if last.deleted == nil {
            deletions.append(last)
        }
        return false
    }

    /// The greatest number that is not updated goes next, once all after it are well.
    private mutating func update(_ wanted: Range<Int>, _ pods: [Int: PodRecord], to revision: String) {
        for number in wanted.reversed() where number >= partition {
            guard let pod = pods[number] else { return }
            if pod.labels[DaemonPods.hashLabel] != revision {
                if pod.deleted == nil { deletions.append(pod) }
                return
            }
            if !isHealthy(pod) { return }
        }
    }

    private mutating func describe(_ set: Unstructured, pods: [PodRecord], revision: String, count: Int) {
        let alive = pods.filter { !$0.isTerminal }
        let updated = alive.count { $0.labels[DaemonPods.hashLabel] == revision && $0.deleted == nil }
        let isDone = updated == count && alive.count == count && alive.allSatisfy(isHealthy)
        if isDone { currentRevision = revision }
        let current = alive.count { $0.labels[DaemonPods.hashLabel] == currentRevision && $0.deleted == nil }
        status = [
            "replicas": JSONValue(alive.count), "observedGeneration": JSONValue(set.generation),
            "availableReplicas": JSONValue(alive.count(where: isHealthy)),
            "currentRevision": .string(currentRevision), "updateRevision": .string(revision),
        ]
        for (key, number) in [
            ("readyReplicas", alive.count(where: \.isReady)), ("updatedReplicas", updated),
            ("currentReplicas", current),
        ] where number > 0 { status[key] = JSONValue(number) }
        status["collisionCount"] = set[["status", "collisionCount"]]
    }
}
