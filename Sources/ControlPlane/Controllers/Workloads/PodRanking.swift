import KubeAPI

/// The order in which a controller gives up its Pods: those first that are missed least (upstream's
/// `ActivePodsWithRanks`, pkg/controller/controller_utils.go).
struct PodRanking {
    /// How many Pods of the same owner run on each node.
    private let countOnNode: [String: Int]
    private let now: Timestamp

    init(related: [PodRecord], now: Timestamp) {
        countOnNode = Dictionary(related.filter(\.isActive).map { ($0.nodeName, 1) }, uniquingKeysWith: +)
        self.now = now
    }

    /// The `count` Pods to delete.
    func victims(of pods: [PodRecord], count: Int) -> [PodRecord] {
        guard count < pods.count else { return pods }
        return Array(pods.sorted { order($0, $1) < 0 }.prefix(count))
    }

    /// Negative where `left` goes first.
    private func order(_ left: PodRecord, _ right: PodRecord) -> Int {
        let keys = zip(key(left), key(right))
        for (left, right) in keys where left != right { return left < right ? -1 : 1 }
        if left.isReady, right.isReady {
            if let order = youngerFirst(left.readySince, right.readySince, left, right) { return order }
        }
        if left.restarts.containers != right.restarts.containers {
            return right.restarts.containers - left.restarts.containers
        }
        if left.restarts.sidecars != right.restarts.sidecars { return right.restarts.sidecars - left.restarts.sidecars }
        return youngerFirst(left.created, right.created, left, right) ?? (left.name < right.name ? -1 : 1)
    }

    /// Not assigned, pending, not ready, cheap, and where others of its kind are.
    private func key(_ pod: PodRecord) -> [Int] {
        let phase = ["Pending": 0, "Unknown": 1, "Running": 2][pod.phase] ?? 0
        return [
            pod.nodeName.isEmpty ? 0 : 1, phase, pod.isReady ? 1 : 0, pod.deletionCost,
            -(countOnNode[pod.nodeName] ?? 0),
        ]
    }

    /// Ages are compared by the power of two of their seconds, and those alike by their uid: so it is not always the
    /// newest node that loses. Nil where both times are the same.
    private func youngerFirst(
        _ left: Timestamp?, _ right: Timestamp?, _ first: PodRecord, _ second: PodRecord
    ) -> Int? {
        if left == right { return nil }
        guard let left, let right else { return left == nil ? -1 : 1 }
        let difference = magnitude(left) - magnitude(right)
        if difference != 0 { return difference }
        return first.uid < second.uid ? -1 : 1
    }

    private func magnitude(_ time: Timestamp) -> Int {
        let age = now.microsecondsSinceEpoch - time.microsecondsSinceEpoch
        // Upstream takes the logarithm of nanoseconds.
        return age > 0 ? Int((Double(age) * 1000).exponent) : -1
    }
}
