/// The last events of a store, at most `capacity` of them, oldest first.
struct EventRing {
    let capacity: Int
    private var slots: [StoreEvent] = []
    private var head = 0

    init(capacity: Int) { self.capacity = max(capacity, 1) }

    /// Appends `event`.
    ///
    /// - Returns: the event that made room for it, if the ring was full.
    mutating func append(_ event: StoreEvent) -> StoreEvent? {
        guard slots.count == capacity else {
            slots.append(event)
            return nil
        }
        let evicted = slots[head]
        slots[head] = event
        head = (head + 1) % capacity
        return evicted
    }

    /// Drops every event up to and with `revision`.
    mutating func removeAll(through revision: Revision) {
        slots = events.filter { $0.revision > revision }
        head = 0
    }

    /// The events, oldest first.
    var events: [StoreEvent] { Array(slots[head...]) + slots[..<head] }

    /// The events after `revision`, oldest first.
    func events(after revision: Revision) -> [StoreEvent] {
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            if slots[(head + middle) % slots.count].revision > revision { high = middle } else { low = middle + 1 }
        }
        return (low..<slots.count).map { slots[(head + $0) % slots.count] }
    }
}
