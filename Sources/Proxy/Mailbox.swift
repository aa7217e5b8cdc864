/// Events on their way to the sync thread: of each object only the last, so that it holds at most one for every
/// object that exists, however long the sync thread is away.
struct Mailbox: Sendable {
    private struct Key: Hashable {
        let kind: ProxyEvent.Kind
        /// Nil for `synced` and for a new list.
        let object: ObjectKey?
    }

    private var events: [ProxyEvent] = []
    private var positions: [Key: Int] = [:]

    var isEmpty: Bool { events.isEmpty }

    /// Adds an event, in place of what it makes obsolete.
    mutating func append(_ event: ProxyEvent) {
        switch event {
        case .service(let change): append(event, key: Key(kind: .service, object: change.key))
        case .endpointSlice(let change): append(event, key: Key(kind: .endpointSlice, object: change.key))
        case .node(let change): append(event, key: Key(kind: .node, object: change.key))
        case .synced(let kind): append(event, key: Key(kind: kind, object: nil))
        case .replaceServices, .replaceEndpointSlices, .replaceNodes:
            removeAll(of: event.kind)
            append(event, key: Key(kind: event.kind, object: nil))
        }
    }

    /// Takes everything out.
    mutating func take() -> [ProxyEvent] {
        let taken = events
        self = Mailbox()
        return taken
    }

    private mutating func append(_ event: ProxyEvent, key: Key) {
        if let position = positions[key] {
            // A list says all that `synced` does.
            if case .synced = event { return }
            events[position] = event
        } else {
            positions[key] = events.count
            events.append(event)
        }
    }

    /// A new list is the truth: what was known of its kind is not.
    private mutating func removeAll(of kind: ProxyEvent.Kind) {
        let kept = events.filter { $0.kind != kind }
        self = Mailbox()
        for event in kept { append(event) }
    }
}
