import Net

/// The addresses of one network on this node, in files: which are taken, by whom, and which is next.
///
/// Every call takes the network's lock, does its work and lets it go, in time that does not depend on how many addresses are held
/// (`collect`, `leases` and a damaged file apart). A process may be killed at any instruction, and the machine lose power: no address is ever
/// given twice, none that a call has returned is lost within its boot, and a DEL takes away what its attachment has and nothing else.
/// `LeaseLocation`, `LockedLeases`, `LeaseBlock` and `OwnerIndex` say how.
package struct AddressStore: ~Copyable, Sendable {
    let configuration: IPAMConfiguration
    let location: LeaseLocation

    /// Touches no file: directories are made by the first `reserve`. Ranges are looked at where they are needed, so that DEL works without.
    ///
    /// - Throws: `.badConfiguration` for a name of a network, or a data directory, that cannot be one.
    package init(_ configuration: IPAMConfiguration, network: String) throws(CNIError) {
        try self.init(configuration, network: network, environment: .machine())
    }

    /// As above, on a machine that a test makes up.
    package init(
        _ configuration: IPAMConfiguration, network: String, environment: LeaseEnvironment
    ) throws(CNIError) {
        self.configuration = configuration
        location = try LeaseLocation(
            dataDirectory: configuration.dataDirectory, network: network, environment)
    }

    /// Takes one address of each range set: one that was requested, where the set has it, else the next that is free. A requested one
    /// need not have cooled down, as somebody wants that very one.
    ///
    /// - Throws: `.alreadyAdded` when the attachment has addresses; `.noAddressLeft`; `.addressTaken` with the holder; `.badConfiguration`.
    package func reserve(_ attachment: Attachment) throws(CNIError) -> AddressReservation {
        let sets = try AddressRangeSet.all(of: configuration)
        guard let owner = LeaseOwner(attachment) else {
            throw CNIError(
                .badEnvironment,
                "container id and interface name have more than \(LeaseOwner.byteCountLimit) bytes")
        }
        let leases = try location.open()
        let held = try leases.held(by: owner)
        guard held.isEmpty else {
            let list = held.map(\.address.description).joined(separator: ", ")
            throw CNIError(.alreadyAdded, "\(attachment) has \(list) already")
        }
        let choices = try choose(sets, leases)
        do throws(CNIError) {
            for choice in choices { try take(choice, owner, leases) }
        } catch {
            try? leases.release(owner, now: location.environment.now(), unused: true)
            throw error
        }
        return AddressReservation(choices.map(\.result), of: owner, in: location)
    }

    /// What an attachment has, in the order of the range sets; empty when it has none.
    package func addresses(of attachment: Attachment) throws(CNIError) -> [AttachmentResult.Address] {
        guard let owner = LeaseOwner(attachment), let leases = try location.openIfThere() else { return [] }
        return try leases.held(by: owner).map {
            AttachmentResult.Address($0.address, prefixLength: $0.record.prefixLength, gateway: $0.record.gateway)
        }
    }

    /// Releases what an attachment has, wherever its addresses are; nothing happens when it has none.
    package func release(_ attachment: Attachment) throws(CNIError) {
        guard let owner = LeaseOwner(attachment), let leases = try location.openIfThere() else { return }
        try leases.release(owner, now: location.environment.now())
    }

    /// Whether an attachment could get its addresses. Those that cool down count as there: they come back by themselves, and a node that is
    /// reported as not ready for a minute loses more.
    ///
    /// - Throws: `.notAvailable`; `.badConfiguration`.
    package func checkAvailability() throws(CNIError) {
        let sets = try AddressRangeSet.all(of: configuration)
        guard let leases = try location.openIfThere() else { return }
        for set in sets {
            var search = search(set, sets)
            let last = try leases.lastGiven(setNumber: set.number)
            guard try search.next(after: last, in: leases) == nil, search.coolingCount == 0 else { continue }
            let error = search.error(network: location.network)
            throw CNIError(.notAvailable, error.message, details: error.details)
        }
    }

    private func search(_ set: AddressRangeSet, _ sets: [AddressRangeSet]) -> AddressSearch {
        AddressSearch(
            set, gateways: Self.gateways(sets), now: location.environment.now(),
            cooldownSeconds: configuration.cooldownSeconds)
    }

    private static func gateways(_ sets: [AddressRangeSet]) -> Set<IPAddress> {
        Set(sets.flatMap { $0.ranges.map(\.gateway) })
    }
}

extension AddressStore {
    /// An address to take.
    private struct Choice {
        let address: IPAddress
        let range: AddressRange
        let set: AddressRangeSet
        let isRequested: Bool

        var result: AttachmentResult.Address {
            AttachmentResult.Address(address, prefixLength: range.subnet.length, gateway: range.gateway)
        }
    }

    /// All are found before the first is taken.
    private func choose(_ sets: [AddressRangeSet], _ leases: LockedLeases) throws(CNIError) -> [Choice] {
        var requests = configuration.requestedAddresses
        var choices: [Choice] = []
        for set in sets {
            if let index = requests.firstIndex(where: { set.range(of: $0) != nil }) {
                let address = requests.remove(at: index)
                try checkRequested(address, set, sets, leases)
                if let range = set.range(of: address) {
                    choices.append(Choice(address: address, range: range, set: set, isRequested: true))
                }
                continue
            }
            var search = search(set, sets)
            let last = try leases.lastGiven(setNumber: set.number)
            guard let address = try search.next(after: last, in: leases), let range = set.range(of: address) else {
                throw search.error(network: location.network)
            }
            choices.append(Choice(address: address, range: range, set: set, isRequested: false))
        }
        guard let left = requests.first else { return choices }
        let cause =
            sets.contains { $0.range(of: left) != nil }
            ? "each range set gives one address, and another was requested of its set" : "is in no range"
        throw CNIError(
            .badConfiguration, "requested address \(left) of network \(location.network) cannot be given: \(cause)")
    }

    private func checkRequested(
        _ address: IPAddress, _ set: AddressRangeSet, _ sets: [AddressRangeSet], _ leases: LockedLeases
    ) throws(CNIError) {
        let what = "requested address \(address) of \(set) of network \(location.network)"
        guard !Self.gateways(sets).contains(address) else {
            throw CNIError(.addressTaken, "\(what) is a gateway")
        }
        switch try leases.block(of: address).content(of: address) {
        case .record(let record) where record.state == .held:
            throw CNIError(
                .addressTaken, "\(what) is held by \(record.owner.attachment(in: location.network))")
        case .unreadable:
            throw CNIError(
                .addressTaken, "\(what) may be held",
                details: "its record is unreadable; garbage collection frees it if nobody has it")
        default: return
        }
    }

    private func take(_ choice: Choice, _ owner: LeaseOwner, _ leases: LockedLeases) throws(CNIError) {
        let record = LeaseRecord(
            .held, owner, sinceNanoseconds: location.environment.now(), setNumber: choice.set.number,
            prefixLength: choice.range.subnet.length, gateway: choice.range.gateway)
        try leases.take(choice.address, record)
        // Without it the next search begins earlier, and passes over this address.
        if !choice.isRequested { try leases.setLastGiven(choice.address, setNumber: choice.set.number) }
    }
}
