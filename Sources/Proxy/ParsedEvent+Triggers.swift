import KubeAPI

/// An event that takes the place of others in the mailbox takes over when their slices changed.
extension ParsedEvent {
    /// - Parameter former: events of the same kind, in their order.
    mutating func absorbTriggers(of former: [ParsedEvent]) {
        switch self {
        case .endpointSlice(var change):
            guard change.value != nil else { return }
            for case .endpointSlice(let former) in former {
                guard let triggers = former.value?.triggers, !triggers.isEmpty else { continue }
                change.value?.triggers.absorb(triggers)
                self = .endpointSlice(change)
            }
        case .replaceEndpointSlices(var list):
            let triggers = Self.triggers(of: former)
            guard !triggers.isEmpty else { return }
            for index in list.indices where list[index].value != nil {
                if let former = triggers[list[index].key] { list[index].value?.triggers.absorb(former) }
            }
            self = .replaceEndpointSlices(list)
        default: return
        }
    }

    private static func triggers(of events: [ParsedEvent]) -> [ObjectName: TriggerTimes] {
        var triggers: [ObjectName: TriggerTimes] = [:]
        for event in events {
            switch event {
            case .endpointSlice(let change): triggers[change.key] = change.value?.triggers
            case .replaceEndpointSlices(let list):
                for slice in list where slice.value?.triggers.isEmpty == false {
                    triggers[slice.key] = slice.value?.triggers
                }
            default: continue
            }
        }
        return triggers.filter { !$0.value.isEmpty }
    }
}
