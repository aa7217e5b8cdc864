import KubeAPI

/// Events on their way to the sync thread: of each object only the last, so that it holds at most one for every
/// object that exists, however long the sync thread is away.
struct Mailbox: Sendable {
    private struct Key: Hashable {
        let kind: ProxyEvent.Kind
        /// Nil for `synced` and for a new list.
        let object: ObjectName?

        init(_ event: ParsedEvent) {
            kind = event.kind
            object = event.object
        }
    }

    /// So many events are searched one by one: most often there are one or two.
    private static let unindexed = 8

    private var events: [ParsedEvent] = []
    /// Where the events are, once there are more than `unindexed`.
    private var positions: [Key: Int] = [:]

    var isEmpty: Bool { events.isEmpty }

    /// Adds an event, in place of what it makes obsolete.
    mutating func append(_ event: ParsedEvent) {
        var event = event
        if event.isList { removeAll(of: event.kind, for: &event) }
        let key = Key(event)
        if let position = position(of: key) {
            // A list says all that `synced` does.
            if case .synced = event { return }
            event.absorbTriggers(of: [events[position]])
            events[position] = event
            return
        }
        events.append(event)
        if events.count > Self.unindexed + 1 {
            positions[key] = events.count - 1
        } else if events.count > Self.unindexed {
            for (position, event) in events.enumerated() { positions[Key(event)] = position }
        }
    }

    /// Takes everything out.
    mutating func take() -> [ParsedEvent] {
        let taken = events
        self = Mailbox()
        return taken
    }

    private func position(of key: Key) -> Int? {
        events.count > Self.unindexed ? positions[key] : events.firstIndex { Key($0) == key }
    }

    /// A new list is the truth: what was known of its kind is not.
    private mutating func removeAll(of kind: ProxyEvent.Kind, for list: inout ParsedEvent) {
        list.absorbTriggers(of: events.filter { $0.kind == kind })
        let kept = events.filter { $0.kind != kind }
        self = Mailbox()
        for event in kept { append(event) }
    }
}
