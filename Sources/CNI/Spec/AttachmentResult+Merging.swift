extension AttachmentResult {
    /// This, followed by what another plugin has added.
    func merging(_ other: AttachmentResult) -> AttachmentResult {
        var merged = self
        merged.interfaces += other.interfaces
        for var address in other.addresses {
            address.interface = address.interface.map { $0 + interfaces.count }
            merged.addresses.append(address)
        }
        merged.routes += other.routes
        if !other.dns.isEmpty { merged.dns = other.dns }
        return merged
    }

    /// The container's addresses on an interface, those that are said to be on another one left out.
    func addresses(ofInterface name: String) -> [Address] {
        addresses.filter { address in
            guard let position = address.interface, interfaces.indices.contains(position) else { return true }
            return interfaces[position].name == name && interfaces[position].sandbox != nil
        }
    }

    /// Tells of what was changed of the container's interface.
    mutating func note(_ tuning: InterfaceTuning, ofInterface name: String) {
        for position in interfaces.indices
        where interfaces[position].name == name && interfaces[position].sandbox != nil {
            if let address = tuning.macAddress { interfaces[position].macAddress = address }
            if let mtu = tuning.mtu { interfaces[position].mtu = mtu }
        }
    }
}
