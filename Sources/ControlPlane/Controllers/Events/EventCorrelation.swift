import KubeAPI

/// Makes few events of many, as client-go's `EventCorrelator` does (tools/record/events_cache.go): the same event again
/// is counted; more than ten that differ in their text alone become one; and who speaks without an end is cut short.
struct EventCorrelation {
    /// What is the same in events that may differ in their text.
    private struct Group: Hashable {
        let subject: ControllerEvent.Subject
        let kind: ControllerEvent.Kind
        let reason: String
        let component: String
    }

    private struct Messages {
        var texts: Set<String> = []
        var last: Timestamp
    }

    private struct Budget {
        var tokens: Double
        var filled: Timestamp
    }

    private struct Speaker: Hashable {
        let subject: ControllerEvent.Subject
        let component: String
    }

    /// After so many texts an event is one of many alike.
    private static let textLimit = 10
    private static let window = Duration.seconds(600)
    /// How many events of one component about one object come at once, and how long another one takes to become free.
    private static let burst = 25.0
    private static let secondsPerEvent = 300.0
    /// As upstream's LRU: beyond this what is oldest is forgotten.
    private static let memoryLimit = 4096

    private var groups: [Group: Messages] = [:]
    private var budgets: [Speaker: Budget] = [:]

    /// The event to write; nil for one too many.
    mutating func correlate(_ event: ControllerEvent, now: Timestamp) -> ControllerEvent? {
        guard hasBudget(Speaker(subject: event.subject, component: event.component), now: now) else { return nil }
        let group = Group(
            subject: event.subject, kind: event.kind, reason: event.reason, component: event.component)
        var messages = groups[group] ?? Messages(last: now)
        if now - messages.last > Self.window { messages.texts = [] }
        messages.last = now
        if messages.texts.count <= Self.textLimit { messages.texts.insert(event.message) }
        let isOneOfMany = messages.texts.count > Self.textLimit - 1 && event.action.isEmpty
        groups[group] = messages
        trim()
        var event = event
        if isOneOfMany { event.message = "(combined from similar events): \(event.message)" }
        return event
    }

    private mutating func hasBudget(_ speaker: Speaker, now: Timestamp) -> Bool {
        var budget = budgets[speaker] ?? Budget(tokens: Self.burst, filled: now)
        let seconds = Double((now - budget.filled).components.seconds)
        budget.tokens = min(Self.burst, budget.tokens + seconds / Self.secondsPerEvent)
        budget.filled = seconds > 0 ? now : budget.filled
        defer { budgets[speaker] = budget }
        guard budget.tokens >= 1 else { return false }
        budget.tokens -= 1
        return true
    }

    private mutating func trim() {
        groups.dropOldest(beyond: Self.memoryLimit) { $0.last }
        budgets.dropOldest(beyond: Self.memoryLimit) { $0.filled }
    }
}

extension Dictionary {
    /// Forgets a quarter of the entries, the oldest ones, when there are more than `limit`.
    mutating func dropOldest(beyond limit: Int, time: (Value) -> Timestamp) {
        guard count > limit else { return }
        let oldest = sorted { time($0.value) < time($1.value) }.prefix(count / 4)
        for entry in oldest { self[entry.key] = nil }
    }
}
