/// Which endpoint is in which slot of a frontend: slots 0…N-1, without a hole.
package enum SlotAssignment {
    /// Puts `desired` into slots with as few changes to `current` as can be: what stays keeps its slot, what comes
    /// takes the slots of what goes, and the last slots move into the holes that remain.
    ///
    /// - Parameters: both without duplicates.
    package static func assign(_ desired: [Endpoint], keeping current: [Endpoint]) -> [Endpoint] {
        if current.isEmpty || current == desired { return desired }
        let isWanted = membership(of: desired)
        let isThere = membership(of: current)
        var slots = current
        var holes = current.indices.filter { !isWanted(current[$0]) }[...]
        var arriving = desired.filter { !isThere($0) }[...]
        while let hole = holes.first, let endpoint = arriving.popFirst() {
            slots[hole] = endpoint
            holes.removeFirst()
        }
        while let hole = holes.first {
            if holes.last == slots.count - 1 {
                holes.removeLast()
                slots.removeLast()
            } else {
                slots[hole] = slots.removeLast()
                holes.removeFirst()
            }
        }
        slots += arriving
        return slots
    }

    /// A scan beats hashing for the usual handful of endpoints.
    private static func membership(of endpoints: [Endpoint]) -> (Endpoint) -> Bool {
        if endpoints.count <= 16 { return { endpoints.contains($0) } }
        let set = Set(endpoints)
        return { set.contains($0) }
    }
}
