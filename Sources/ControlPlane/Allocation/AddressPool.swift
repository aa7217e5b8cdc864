import Net

/// The addresses that ClusterIPs of one family are taken from.
struct AddressPool {
    let prefix: IPPrefix
    /// The address that Service default/kubernetes has, the first after the network's own. No other may have it.
    let kubernetesAddress: IPAddress
    /// Whether that Service has it in this range.
    let keepsFirst: Bool
    private let order: ProbeOrder

    init(_ prefix: IPPrefix, keepsFirst: Bool = true) {
        self.prefix = prefix
        self.keepsFirst = keepsFirst
        let network = prefix.address.number
        kubernetesAddress = IPAddress(number: network &+ 1, family: prefix.family)
        // Neither the network's address, nor Service kubernetes', nor the broadcast address of IPv4.
        let excluded: UInt128 = prefix.family == .ipv4 ? 3 : 2
        let span = prefix.lastAddress.number - network
        let count = span == .max ? span - excluded + 1 : (span + 1 > excluded ? span + 1 - excluded : 0)
        order = ProbeOrder(count: count, divisor: 16, mostReserved: 256)
    }

    /// Whether a Service may ask for this address.
    func contains(_ address: IPAddress) -> Bool {
        prefix.contains(address) && address != prefix.address
            && (address.family == .ipv6 || address != prefix.lastAddress)
    }

    /// The first free address in the key's order; nil when none is free.
    func firstFree(for key: String, isTaken: (IPAddress) -> Bool) -> IPAddress? {
        order.firstFree(for: key) { isTaken(address(at: $0)) }.map(address(at:))
    }

    private func address(at offset: UInt128) -> IPAddress {
        IPAddress(number: kubernetesAddress.number + 1 + offset, family: prefix.family)
    }
}

/// The ports that NodePorts are taken from.
struct NodePortPool {
    let range: PortRange
    private let order: ProbeOrder

    init(_ range: PortRange) {
        self.range = range
        order = ProbeOrder(count: UInt128(range.count), divisor: 32, mostReserved: 128)
    }

    /// The first free port in the key's order; nil when none is free.
    func firstFree(for key: String, isTaken: (UInt16) -> Bool) -> UInt16? {
        order.firstFree(for: key) { isTaken(range.first + UInt16($0)) }.map { range.first + UInt16($0) }
    }
}
