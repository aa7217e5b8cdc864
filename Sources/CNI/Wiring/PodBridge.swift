import Net
import Netlink

/// The bridge of the containers, and the interface that has their gateways' addresses. Any number of processes may find it
/// absent at once: what one has begun the others complete, and it is up only when all is set.
struct PodBridge {
    let configuration: BridgeConfiguration

    var name: String { configuration.name }
    var filtersVLANs: Bool { configuration.vlan != nil || !configuration.trunk.isEmpty }
    /// The bridge itself, or its interface in the containers' VLAN.
    var gatewayLinkName: String { configuration.vlan.map { "\(name).\($0)" } ?? name }

    /// Makes the bridge, or what it lacks.
    ///
    /// - Parameters:
    ///   - known: It, if it was there a moment ago.
    ///   - mtu: Of a bridge that is made, in bytes.
    func ensure(_ known: Link?, mtu: UInt32, _ host: inout RouteSocket) throws(CNIError) -> Link {
        guard !(configuration.hairpin && configuration.isPromiscuous) else {
            throw CNIError(.badConfiguration, "bridge \(name): hairpinMode and promiscMode exclude each other")
        }
        var found = known
        if found == nil {
            // With an address of its own from the start the bridge does not take one of its ports'.
            let attributes = LinkAttributes(
                name: name, mtu: mtu, macAddress: .local(UInt64.random(in: 0...UInt64.max)),
                filtersVLANs: filtersVLANs ? true : nil)
            found = try Kernel.ask { () throws(NetlinkError) in
                try host.perform(
                    [.addLink(LinkSpecification(attributes, kind: .bridge))], acceptsExisting: true,
                    reading: [.name(name)]
                ).first ?? nil
            }
        }
        guard let bridge = found else { throw CNIError(.tryAgainLater, "bridge \(name) was removed meanwhile") }
        guard bridge.kind == "bridge" else {
            throw CNIError(.badConfiguration, "link \(name) is there already, and is no bridge")
        }
        let lacksFilter = filtersVLANs && bridge.bridge?.filtersVLANs != true
        let lacksPromiscuity = configuration.isPromiscuous && !bridge.isPromiscuous
        guard !bridge.isUp || lacksFilter || lacksPromiscuity else { return bridge }
        if !bridge.isUp { try Self.own(name) }
        let change = LinkAttributes(
            isUp: true, isPromiscuous: lacksPromiscuity ? true : nil, filtersVLANs: lacksFilter ? true : nil)
        try Kernel.ask { () throws(NetlinkError) in try host.perform(.setLink(.index(bridge.index), change)) }
        return bridge
    }

    /// The interface for gateways' addresses: the bridge, or one in the VLAN, which is made when it is absent.
    func ensureGatewayLink(_ known: Link?, on bridge: Link, _ host: inout RouteSocket) throws(CNIError) -> Link {
        guard let vlan = configuration.vlan else { return bridge }
        if let known, known.isUp { return known }
        let name = gatewayLinkName
        guard name.utf8.count <= 15 else {
            throw CNIError(.badConfiguration, "interface \(name) for the gateway: a name has 15 characters at most")
        }
        let attributes = LinkAttributes(name: name)
        let specification = LinkSpecification(attributes, kind: .vlan(id: vlan, of: bridge.index))
        let own = BridgeVLANs(linkIndex: bridge.index, isBridge: true, [.init(first: vlan, last: vlan)])
        let found = try Kernel.ask { () throws(NetlinkError) in
            try host.perform(
                [.addVLANs(own), .addLink(specification)], acceptsExisting: true, reading: [.name(name)]
            ).first ?? nil
        }
        guard let link = found else { throw CNIError(.tryAgainLater, "interface \(name) was removed meanwhile") }
        try Self.own(name)
        try Kernel.ask { () throws(NetlinkError) in
            try host.perform(.setLink(.index(link.index), LinkAttributes(isUp: true)))
        }
        return link
    }

    /// Gives the interface the gateways' addresses, and lets the host forward their families.
    ///
    /// - Throws: `CNIError`, also when it has another address of a network that overlaps, unless that is to be replaced.
    func ensureGateways(
        _ gateways: [AddressPlan.Placed], on link: Link, _ host: inout RouteSocket
    ) throws(CNIError) {
        guard !gateways.isEmpty else { return }
        for family in Set(gateways.map { $0.address.family }) { try Self.forward(family) }
        let present = try Kernel.ask { () throws(NetlinkError) in try host.addresses(linkIndex: link.index) }
        var requests: [RouteRequest] = []
        for gateway in gateways where !present.contains(where: { gateway.isSame(as: $0) }) {
            for other in present where gateway.conflicts(with: other) {
                guard configuration.replacesAddress else {
                    throw CNIError(
                        .badConfiguration,
                        """
                        \(link.name) has the address \(other.address)/\(other.prefixLength) already, which overlaps with \
                        the gateway's \(gateway.address)/\(gateway.prefixLength)
                        """)
                }
                requests.append(.deleteAddress(other))
            }
            requests.append(
                .addAddress(
                    InterfaceAddress(
                        gateway.address, prefixLength: gateway.prefixLength, linkIndex: link.index,
                        skipsDuplicateDetection: gateway.address.family == .ipv6)))
        }
        guard !requests.isEmpty else { return }
        // A bridge that somebody else made takes another address with its ports, unless it is told its own.
        requests.append(.setLink(.index(link.index), LinkAttributes(macAddress: link.macAddress)))
        _ = try Kernel.ask { () throws(NetlinkError) in
            try host.perform(requests, acceptsExisting: true, reading: [])
        }
    }

    /// Lets the host pass packets of a family on.
    static func forward(_ family: IPFamily) throws(CNIError) {
        try Kernel.set(family == .ipv4 ? "net/ipv4/ip_forward" : "net/ipv6/conf/all/forwarding", "1")
    }

    /// Routes of the interface are ours to say: containers could announce themselves as routers. Its link-local address
    /// is unique for the same reason as its MAC.
    static func own(_ linkName: String) throws(CNIError) {
        try Kernel.set("net/ipv6/conf/\(linkName)/accept_ra", "0", isOptional: true)
        try Kernel.set("net/ipv6/conf/\(linkName)/accept_dad", "0", isOptional: true)
    }
}

extension AddressPlan.Placed {
    func isSame(as other: InterfaceAddress) -> Bool {
        address == other.address && prefixLength == other.prefixLength
    }

    fileprivate func conflicts(with other: InterfaceAddress) -> Bool {
        // Every interface has an IPv6 address of the link; that the gateway has another is right.
        guard !(other.address.family == .ipv6 && other.address.isLinkLocal), let network,
            let others = IPPrefix(containing: other.address, length: other.prefixLength)
        else { return false }
        return network.overlaps(others)
    }
}
