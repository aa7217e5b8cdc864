import KubeAPI

extension ProxyModel {
    /// Takes an EndpointSlice as it is now, or nil when it has gone.
    mutating func apply(slice: EndpointSlice?, key: ObjectKey) {
        var problems = ProblemList(kind: EndpointSlice.resource.kind, key: key)
        let owner = slice.flatMap(ParsedEndpointSlice.owner)
        var parsed: ParsedEndpointSlice?
        if let slice, owner != nil {
            parsed = ParsedEndpointSlice(
                slice, nodeName: configuration.nodeName, families: configuration.families, problems: &problems)
        }
        ledger.set(problems.all, for: .endpointSlice(key))
        let former = sliceOwners[key]
        guard let parsed, let owner else {
            if let former { removeSlice(key, from: former) }
            return
        }
        // The label that names the Service may have changed.
        if let former, entries[former].key != owner { removeSlice(key, from: former) }
        let place = makePlace(of: owner)
        if let index = entries[place].slices.firstIndex(where: { $0.name == key.name }) {
            guard entries[place].slices[index] != parsed else { return }
            entries[place].slices[index] = parsed
        } else {
            entries[place].slices.append(parsed)
            sliceOwners[key] = place
        }
        markDirty(place)
    }

    mutating func replaceSlices(_ slices: [EndpointSlice]) {
        let keys = Set(slices.lazy.map { ObjectKey($0.metadata) })
        for slice in slices { apply(slice: slice, key: ObjectKey(slice.metadata)) }
        // A slice that was left out as a whole is only in the ledger.
        var gone = sliceOwners.keys.filter { !keys.contains($0) }
        for case .endpointSlice(let key) in ledger.current.keys where !keys.contains(key) { gone.append(key) }
        for key in gone { apply(slice: nil, key: key) }
    }

    private mutating func removeSlice(_ key: ObjectKey, from place: Int) {
        sliceOwners[key] = nil
        entries[place].slices.removeAll { $0.name == key.name }
        markDirty(place)
    }
}
