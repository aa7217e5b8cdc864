import KubeAPI

/// When an EndpointSlice was changed by its controller, as its annotation says: of events that the mailbox made one,
/// all times.
struct TriggerTimes: Sendable {
    /// Set by the controller to when the Pod or Service changed that it followed (k8s.io/api core/v1
    /// `EndpointsLastChangeTriggerTime`).
    static let annotation = "endpoints.kubernetes.io/last-change-trigger-time"
    /// What one event remembers of those that it took the place of.
    private static let limit = 64

    private(set) var latest: Timestamp?
    /// Of events that were not applied.
    private(set) var earlier: [Timestamp] = []

    /// A text that is no time counts as none.
    init(_ annotations: [String: String]) {
        latest = annotations.isEmpty ? nil : annotations[Self.annotation].flatMap(Timestamp.init)
    }

    var isEmpty: Bool { latest == nil && earlier.isEmpty }

    /// All times, each once, but for `known`, which was seen with the slice before.
    func times(besides known: Timestamp?) -> [Timestamp] {
        guard let latest else { return earlier.filter { $0 != known } }
        if earlier.isEmpty { return latest == known ? [] : [latest] }
        return (earlier + [latest]).filter { $0 != known }
    }

    /// Takes over the times of an event that this one takes the place of.
    mutating func absorb(_ former: TriggerTimes) {
        guard !former.isEmpty else { return }
        var times = former.earlier
        if let last = former.latest, times.last != last { times.append(last) }
        earlier = times.suffix(Self.limit).filter { $0 != latest }
    }

    /// They have been counted.
    mutating func applied() { earlier = [] }
}
