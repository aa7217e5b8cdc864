import KubeAPI

extension ProxyModel {
    /// Takes an EndpointSlice as it is now.
    mutating func apply(_ change: Parsed<ParsedEndpointSlice>) {
        let key = change.key
        ledger.set(change.problems, for: .endpointSlice(key))
        let former = sliceOwners[key]
        guard let slice = change.value else {
            if let former { removeSlice(key, from: former) }
            return
        }
        // Most often it is still the same Service's: no name has to be looked up then.
        if let former, entries[former].key.name == slice.service {
            guard let index = entries[former].slices.firstIndex(where: { $0.name == key.name }),
                entries[former].slices[index] != slice
            else { return }
            noteTriggers(of: slice, after: entries[former].slices[index].triggers.latest, at: former)
            entries[former].slices[index] = slice
            entries[former].slices[index].triggers.applied()
            markDirty(former)
            return
        }
        // The label that names the Service has changed.
        if let former { removeSlice(key, from: former) }
        let place = makePlace(of: ObjectName(namespace: key.namespace, name: slice.service))
        noteTriggers(of: slice, after: nil, at: place)
        var added = slice
        added.triggers.applied()
        entries[place].add(added)
        sliceOwners[key] = place
        markDirty(place)
    }

    mutating func replace(_ slices: [Parsed<ParsedEndpointSlice>]) {
        let keys = Set(slices.lazy.map(\.key))
        for slice in slices { apply(slice) }
        // A slice that was left out as a whole is only in the ledger.
        var gone = sliceOwners.keys.filter { !keys.contains($0) }
        for case .endpointSlice(let key) in ledger.current.keys where !keys.contains(key) { gone.append(key) }
        for key in gone { apply(Parsed<ParsedEndpointSlice>.gone(key)) }
    }

    private mutating func removeSlice(_ key: ObjectName, from place: Int) {
        sliceOwners[key] = nil
        forgetTriggers(ofSlice: key.name, at: place)
        entries[place].slices.removeAll { $0.name == key.name }
        markDirty(place)
    }
}
