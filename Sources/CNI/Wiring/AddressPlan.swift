import Net

/// Which addresses and routes the two ends of a link get: follows from the configuration and IPAM's answer alone.
struct AddressPlan: Hashable {
    struct Placed: Hashable {
        let address: IPAddress
        /// In bits.
        let prefixLength: Int

        var network: IPPrefix? { IPPrefix(containing: address, length: prefixLength) }
    }

    /// Of the container's interface.
    var addresses: [Placed] = []
    /// In the container, in their order: what the link itself takes, then what was asked for.
    var routes: [AttachmentResult.Route] = []
    /// Of the bridge, or of the host's end of a routed link.
    var gateways: [Placed] = []
    /// What IPAM has said, and what follows from it: its routes and gateways are those that the container has.
    var result: AttachmentResult

    /// - Throws: `CNIError` when an address is impossible, or a routed link has none.
    init(_ configuration: WiringConfiguration, _ ipam: AttachmentResult) throws(CNIError) {
        result = ipam
        for address in ipam.addresses where address.network == nil {
            throw CNIError(
                .badConfiguration, "address \(address.address)/\(address.prefixLength): no such prefix length")
        }
        switch configuration.mode {
        case .bridge(let bridge): planBridge(bridge)
        case .ptp:
            guard !ipam.addresses.isEmpty else {
                throw CNIError(.badConfiguration, "a ptp link needs an address, and IPAM gave none")
            }
            planRoutedLink()
        }
        for route in result.routes {
            var route = route
            route.gateway = route.gateway ?? gateway(route.destination.family)
            if !routes.contains(route) { routes.append(route) }
        }
    }

    /// The families of which there are addresses.
    var families: Set<IPFamily> { Set(addresses.map { $0.address.family }) }

    private func gateway(_ family: IPFamily) -> IPAddress? {
        result.addresses.lazy.compactMap { $0.gateway }.first { $0.family == family }
    }

    /// As the reference plugin `bridge`: where IPAM names no gateway, it is the network's first address after that of the
    /// network itself.
    private mutating func planBridge(_ bridge: BridgeConfiguration) {
        let isGateway = bridge.isGateway || bridge.isDefaultGateway
        for index in result.addresses.indices {
            let address = result.addresses[index]
            addresses.append(Placed(address: address.address, prefixLength: address.prefixLength))
            guard isGateway, let network = address.network else { continue }
            let first = IPAddress(number: network.address.number &+ 1, family: network.family)
            let placed = Placed(address: address.gateway ?? first, prefixLength: address.prefixLength)
            result.addresses[index].gateway = placed.address
            if !gateways.contains(placed) { gateways.append(placed) }
        }
        guard bridge.isDefaultGateway else { return }
        for family in families.sorted() {
            guard let all = IPPrefix(containing: IPAddress(number: 0, family: family), length: 0),
                !result.routes.contains(where: { $0.destination == all && $0.gateway != nil })
            else { continue }
            result.routes.append(AttachmentResult.Route(all, gateway: gateway(family)))
        }
    }

    /// As the reference plugin `ptp`: the host's end has the gateway's address alone, and the container reaches all else of
    /// its own network over it. Where IPAM names no gateway it is an address of the link, which needs no network.
    private mutating func planRoutedLink() {
        for index in result.addresses.indices {
            let address = result.addresses[index]
            let width = address.address.family.bitWidth
            let gateway = address.gateway ?? Self.linkGateway(address.address.family)
            result.addresses[index].gateway = gateway
            addresses.append(Placed(address: address.address, prefixLength: width))
            let placed = Placed(address: gateway, prefixLength: width)
            if !gateways.contains(placed) {
                gateways.append(placed)
                if let alone = placed.network { routes.append(AttachmentResult.Route(alone)) }
            }
            if let network = address.network, network.length < width {
                let route = AttachmentResult.Route(network, gateway: gateway)
                if !routes.contains(route) { routes.append(route) }
            }
        }
    }

    /// 169.254.1.1 or fe80::1.
    private static func linkGateway(_ family: IPFamily) -> IPAddress {
        family == .ipv4 ? IPAddress(v4: 0xA9FE_0101) : IPAddress(v6: 0xFE80_0000_0000_0000, 1)
    }
}
