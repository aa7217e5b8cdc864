import Net

extension AddressStore {
    /// Takes over the leases that the reference plugin `host-local` has of this network, under its lock, with the address from which it would go
    /// on. Its directory stays as it is, for the way back.
    ///
    /// It can be done again: each file is taken over once, so that an address which was released since stays so, and those
    /// that host-local gave meanwhile are added. All files count, however old, for what host-local has forgotten to remove is known only by
    /// comparing it with the pods that there are: `collect` does that.
    ///
    /// - Parameter directory: Such as `/var/lib/cni/networks/NETWORK`. When there is none, there is nothing to import.
    package func importHostLocal(directory path: String) throws(CNIError) -> HostLocalImport {
        var result = HostLocalImport()
        guard let directory = try HostLocalDirectory(path) else { return result }
        let sets = (try? AddressRangeSet.all(of: configuration)) ?? []
        let leases = try location.open()
        let seen = try ImportedFiles(leases.folder)
        for (name, address) in try directory.addresses() {
            let owner: LeaseOwner
            do throws(CNIError) { owner = try directory.owner(name) } catch {
                result.refused.append(.init(file: name, cause: error.description))
                continue
            }
            if seen.contains(address, owner) {
                result.knownCount += 1
                continue
            }
            if let cause = try take(address, owner, sets, leases) {
                result.refused.append(.init(file: name, cause: cause))
                continue
            }
            // After the lease: whoever dies in between does this one again.
            try seen.add(address, owner)
            result.imported.append(AddressLease(address, .held(by: owner.attachment(in: location.network))))
        }
        for set in sets where try leases.lastGiven(setNumber: set.number) == nil {
            if let last = try directory.lastReserved(setNumber: set.number), set.range(of: last) != nil {
                try leases.setLastGiven(last, setNumber: set.number)
            }
        }
        return result
    }

    /// Nil, or why not.
    private func take(
        _ address: IPAddress, _ owner: LeaseOwner, _ sets: [AddressRangeSet], _ leases: LockedLeases
    ) throws(CNIError) -> String? {
        switch try leases.block(of: address).content(of: address) {
        case .record(let record) where record.state == .held:
            return record.owner == owner ? nil : "it is held by \(record.owner.attachment(in: location.network))"
        case .unreadable: return "the record is unreadable"
        default: break
        }
        let set = sets.first { $0.range(of: address) != nil }
        let range = set?.range(of: address)
        try leases.take(
            address,
            LeaseRecord(
                .held, owner, sinceNanoseconds: location.environment.now(), setNumber: set?.number ?? 0,
                prefixLength: range?.subnet.length ?? address.family.bitWidth, gateway: range?.gateway))
        return nil
    }
}
