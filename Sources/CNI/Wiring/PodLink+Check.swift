import Net
import Netlink

extension PodLink {
    /// Compares what ADD has returned with what is there. What others have added to it is not looked at.
    ///
    /// - Throws: `CNIError` (`.notAsAdded`) that names the first difference.
    package func check(_ namespace: PodNamespace, _ previous: AttachmentResult) throws(CNIError) {
        var host = try Kernel.ask { () throws(NetlinkError) in try RouteSocket() }
        guard
            let index = previous.interfaces.firstIndex(where: {
                $0.name == attachment.interfaceName && $0.sandbox != nil
            })
        else { throw CNIError(.notAsAdded, "the previous result has no interface \(attachment.interfaceName)") }
        var own = previous
        own.addresses = previous.addresses.filter { $0.interface == nil || $0.interface == index }
        let plan = try AddressPlan(configuration, own)
        let ends = try checkHostEnd(&host, previous)
        if let bridge {
            try checkPort(&host, bridge, ends.host, plan)
        } else {
            try checkRoutedEnd(&host, plan, ends.host)
        }
        let isDown = bridge?.configuration.leavesInterfaceDown ?? false
        try namespace.run { () throws(CNIError) in
            var inside = try Kernel.ask { () throws(NetlinkError) in try RouteSocket() }
            try checkContainer(&inside, previous.interfaces[index], peer: ends, isDown: isDown)
            try checkAddresses(&inside, plan, link: ends.containerIndex)
            try checkRoutes(&inside, plan, previous, link: ends.containerIndex)
        }
    }

    private func checkHostEnd(
        _ host: inout RouteSocket, _ previous: AttachmentResult
    ) throws(CNIError) -> Ends {
        let name = attachment.hostLinkName
        let link = try Self.link(name, &host)
        try require(link.kind == "veth" && link.alias == attachment.linkAlias, "link \(name) is not this attachment's")
        try require(link.isUp, "link \(name) is down")
        if let before = previous.interfaces.first(where: { $0.name == name && $0.sandbox == nil }) {
            try Self.compare(link, before, "link \(name)")
        }
        guard let index = link.peerIndex else { throw damage("link \(name) has no other end") }
        return Ends(host: link, containerIndex: index, mtu: link.mtu)
    }

    private func checkPort(
        _ host: inout RouteSocket, _ bridge: PodBridge, _ link: Link, _ plan: AddressPlan
    ) throws(CNIError) {
        let configuration = bridge.configuration
        let master = try Self.link(bridge.name, &host)
        try require(master.kind == "bridge", "link \(bridge.name) is no bridge")
        try require(master.isUp, "bridge \(bridge.name) is down")
        try require(link.masterIndex == master.index, "link \(link.name) is no port of bridge \(bridge.name)")
        try require(master.isPromiscuous || !configuration.isPromiscuous, "bridge \(bridge.name) is not promiscuous")
        try require(
            master.bridge?.filtersVLANs == true || !bridge.filtersVLANs, "bridge \(bridge.name) does not filter VLANs")
        let port = BridgePort(
            hairpin: configuration.hairpin, isIsolated: configuration.isolatesPorts,
            isLocked: configuration.checksSourceMAC)
        try require(link.port == port, "link \(link.name) has other port settings")
        if bridge.filtersVLANs {
            let vlans = try Kernel.ask { () throws(NetlinkError) in try host.vlans() }
            let ranges = vlans.first { $0.linkIndex == link.index && !$0.isBridge }?.ranges ?? []
            if let vlan = configuration.vlan {
                let isThere = ranges.contains { $0.first == vlan && $0.isUntagged }
                try require(isThere, "link \(link.name) is not in VLAN \(vlan) untagged")
            }
            for range in configuration.trunk {
                let isThere = (range.first...range.last).allSatisfy { id in
                    ranges.contains { $0.first <= id && id <= $0.last }
                }
                try require(isThere, "link \(link.name) does not carry VLAN \(range.first)-\(range.last)")
            }
        }
        guard !plan.gateways.isEmpty else { return }
        let gatewayLink = try Self.link(bridge.gatewayLinkName, &host)
        let present = try Kernel.ask { () throws(NetlinkError) in try host.addresses(linkIndex: gatewayLink.index) }
        for gateway in plan.gateways {
            try require(
                present.contains { gateway.isSame(as: $0) },
                "\(gatewayLink.name) has not the gateway's address \(gateway.address)/\(gateway.prefixLength)")
        }
    }

    private func checkRoutedEnd(
        _ host: inout RouteSocket, _ plan: AddressPlan, _ link: Link
    ) throws(CNIError) {
        let present = try Kernel.ask { () throws(NetlinkError) in try host.addresses(linkIndex: link.index) }
        for gateway in plan.gateways {
            try require(
                present.contains { gateway.isSame(as: $0) },
                "link \(link.name) has not the gateway's address \(gateway.address)")
        }
        for placed in plan.addresses {
            let routes = try Kernel.ask { () throws(NetlinkError) in try host.routes(to: [placed.address]) }
            try require(
                routes.first?.linkIndex == link.index && routes.first?.gateway == nil,
                "the host has no route to \(placed.address) over link \(link.name)")
        }
    }

    private func checkContainer(
        _ inside: inout RouteSocket, _ before: AttachmentResult.Interface, peer: Ends, isDown: Bool
    ) throws(CNIError) {
        let link = try Self.link(before.name, &inside)
        let text = "interface \(before.name) of the container"
        try require(
            link.index == peer.containerIndex && link.peerIndex == peer.host.index,
            "\(text) is not the link's other end")
        try require(link.isUp || isDown, "\(text) is down")
        try Self.compare(link, before, text)
    }

    private func checkAddresses(
        _ inside: inout RouteSocket, _ plan: AddressPlan, link: Int32
    ) throws(CNIError) {
        let present = try Kernel.ask { () throws(NetlinkError) in try inside.addresses(linkIndex: link) }
        for placed in plan.addresses {
            try require(
                present.contains { placed.isSame(as: $0) },
                "interface \(attachment.interfaceName) has not the address \(placed.address)/\(placed.prefixLength)")
        }
    }

    private func checkRoutes(
        _ inside: inout RouteSocket, _ plan: AddressPlan, _ previous: AttachmentResult, link: Int32
    ) throws(CNIError) {
        var present: [Netlink.Route] = []
        for family in Set((plan.routes + previous.routes).map { $0.destination.family }) {
            present += try Kernel.ask { () throws(NetlinkError) in try inside.routes(family, table: nil) }
        }
        // Those that follow from the addresses are ours; the others may have been said by another plugin.
        let implied = plan.routes.filter { route in !plan.result.routes.contains { $0.destination == route.destination }
        }
        for route in implied + previous.routes {
            let isThere = present.contains { other in
                other.destination == route.destination && other.kind == .unicast
                    && (route.gateway == nil || other.gateway == route.gateway)
                    && other.table == route.table ?? Netlink.Route.mainTable
                    && (route.priority == nil || other.metric == route.priority)
                    && (route.mtu == nil || other.mtu == route.mtu)
                    && (route.advertisedMSS == nil || other.advertisedMSS == route.advertisedMSS)
            }
            let way = route.gateway.map { " via \($0)" } ?? ""
            try require(isThere, "the container has no route to \(route.destination)\(way)")
        }
    }

    private static func link(_ name: String, _ socket: inout RouteSocket) throws(CNIError) -> Link {
        let found = try Kernel.ask { () throws(NetlinkError) in try socket.perform([], reading: [.name(name)]) }
        guard let link = found[0] else { throw CNIError(.notAsAdded, "link \(name) is gone") }
        return link
    }

    private static func compare(
        _ link: Link, _ before: AttachmentResult.Interface, _ text: String
    ) throws(CNIError) {
        if let mac = before.macAddress, link.macAddress != mac {
            throw CNIError(.notAsAdded, "\(text) has another MAC address than \(mac)")
        }
        if let mtu = before.mtu, link.mtu != mtu {
            throw CNIError(.notAsAdded, "\(text) has the MTU \(link.mtu), not \(mtu)")
        }
    }

    private func damage(_ text: String) -> CNIError { CNIError(.notAsAdded, "\(attachment): \(text)") }

    private func require(_ condition: Bool, _ text: @autoclosure () -> String) throws(CNIError) {
        if !condition { throw damage(text()) }
    }
}
