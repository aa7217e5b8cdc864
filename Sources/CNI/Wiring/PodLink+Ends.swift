import Net
import Netlink

/// What each of the two ends is given.
extension PodLink {
    /// Before the container's end is up: no frame passes that should not, and none comes from the port itself.
    func configurePort(
        _ host: inout RouteSocket, _ bridge: BridgeConfiguration, _ master: Link, _ ends: Ends
    ) throws(CNIError) {
        var requests: [RouteRequest] = []
        var ranges = bridge.trunk.map { BridgeVLANs.VLANRange(first: $0.first, last: $0.last) }
        if let vlan = bridge.vlan {
            ranges.insert(.init(first: vlan, last: vlan, isUntagged: true), at: 0)
        } else if !ranges.isEmpty {
            // As the reference plugin: a trunk alone has the first VLAN untagged.
            ranges.insert(.init(first: 1, last: 1, isUntagged: true), at: 0)
        }
        if !ranges.isEmpty {
            if !bridge.keepsDefaultVLAN, let vlan = master.bridge?.defaultVLAN, vlan != 0 {
                let ownRange = BridgeVLANs.VLANRange(first: vlan, last: vlan)
                requests.append(.deleteVLANs(BridgeVLANs(linkIndex: ends.host.index, [ownRange])))
            }
            requests.append(.addVLANs(BridgeVLANs(linkIndex: ends.host.index, ranges)))
        }
        if bridge.checksSourceMAC { requests.append(.setForwarding(macAddress, port: ends.host.index)) }
        guard !requests.isEmpty else { return }
        try Kernel.ask { () throws(NetlinkError) in try host.perform(requests) }
    }

    /// The gateways' addresses, and a route and a neighbour for each address of the container.
    func configureRoutedEnd(_ host: inout RouteSocket, _ plan: AddressPlan, _ ends: Ends) throws(CNIError) {
        let link = ends.host.index
        var requests = plan.gateways.map { RouteRequest.addAddress($0.address(of: link)) }
        for placed in plan.addresses {
            if let destination = placed.network {
                // An older link to the same address, which nobody has removed, has lost it.
                requests.append(.replaceRoute(Netlink.Route(to: destination, linkIndex: link)))
            }
            requests.append(.setNeighbour(Neighbour(placed.address, linkIndex: link, macAddress: macAddress)))
        }
        try Kernel.ask { () throws(NetlinkError) in try host.perform(requests) }
    }

    /// Sets the container's end up, with addresses and routes.
    ///
    /// - Returns: The socket inside the container.
    func configureContainer(_ pod: PodNamespace, _ plan: AddressPlan, _ ends: Ends) throws(CNIError) -> RouteSocket {
        let name = attachment.interfaceName
        let hasIPv6 = plan.families.contains(.ipv6)
        let detects = configuration.detectsDuplicateAddresses
        return try pod.run { () throws(CNIError) in
            if hasIPv6 {
                for link in ["lo", name] { try Kernel.set("net/ipv6/conf/\(link)/disable_ipv6", "0") }
                try Kernel.write("net/ipv6/conf/\(name)/keep_addr_on_down", "1")
                try Kernel.write("net/ipv6/conf/\(name)/ndisc_notify", "1")
            }
            if detects { try Kernel.write("net/ipv6/conf/\(name)/enhanced_dad", "1", isOptional: true) }
            try Kernel.write("net/ipv6/conf/\(name)/accept_dad", detects ? "1" : "0", isOptional: true)
            var socket = try Kernel.ask { () throws(NetlinkError) in try RouteSocket() }
            let link = ends.containerIndex
            var requests = [
                RouteRequest.setLink(
                    .index(link), LinkAttributes(isUp: true, alias: attachment.linkAlias, announcesAddresses: true))
            ]
            for placed in plan.addresses {
                requests.append(.addAddress(placed.address(of: link, skipsDuplicateDetection: !detects)))
            }
            requests += plan.routes.map { .appendRoute(Netlink.Route($0, over: link)) }
            if bridge == nil {
                requests += plan.gateways.map {
                    .setNeighbour(Neighbour($0.address, linkIndex: link, macAddress: attachment.hostMACAddress))
                }
            }
            // A route that says what an address implies already is there, and right.
            _ = try Kernel.ask { () throws(NetlinkError) in
                try socket.perform(requests, acceptsExisting: true, reading: [])
            }
            if detects && hasIPv6 { try awaitDetection(&socket, link) }
            try awaitAddresses(plan.addresses, &socket)
            return socket
        }
    }

    /// Tells the neighbours: an address that another container had a moment ago is here now. The kernel does when a link's
    /// address is set, to the same as well (`arp_notify` and `ndisc_notify`, Documentation/networking/ip-sysctl).
    func announce(_ container: inout RouteSocket, _ plan: AddressPlan, _ ends: Ends) throws(CNIError) {
        guard !plan.addresses.isEmpty else { return }
        try Kernel.ask { () throws(NetlinkError) in
            try container.perform(.setLink(.index(ends.containerIndex), LinkAttributes(macAddress: macAddress)))
        }
    }

    /// Waits until links carry packets. Kernels since 6.9 finish that when they are asked; in others a worker does within a
    /// fraction of a millisecond, unless the machine is busy.
    func awaitOperation(_ links: [LinkReference], _ host: inout RouteSocket) throws(CNIError) {
        try awaiting("its links do not come into operation") { () throws(CNIError) in
            let found = try Kernel.ask { () throws(NetlinkError) in try host.perform([], reading: links) }
            guard !found.contains(nil) else {
                throw CNIError(.tryAgainLater, "\(attachment): a link was removed meanwhile")
            }
            return found.allSatisfy { $0?.isOperational == true }
        }
    }

    /// Waits until packets to IPv6 addresses are taken. The kernel makes the route for that a moment after the address, with
    /// duplicate address detection or without (`addrconf_dad_work` of net/ipv6/addrconf.c).
    func awaitAddresses(_ placed: [AddressPlan.Placed], _ socket: inout RouteSocket) throws(CNIError) {
        let addresses = placed.map { $0.address }.filter { $0.family == .ipv6 }
        guard !addresses.isEmpty else { return }
        try awaiting("addresses \(addresses) are not taken up") { () throws(CNIError) in
            let routes = try Kernel.ask { () throws(NetlinkError) in try socket.routes(to: addresses) }
            return routes.count { $0.kind == .local } == addresses.count
        }
    }

    /// Waits until the kernel knows that nobody else has the addresses.
    private func awaitDetection(_ container: inout RouteSocket, _ link: Int32) throws(CNIError) {
        try awaiting("whether its IPv6 addresses are unique is not known in time") { () throws(CNIError) in
            let addresses = try Kernel.ask { () throws(NetlinkError) in
                try container.addresses(.ipv6, linkIndex: link)
            }
            if let taken = addresses.first(where: { $0.isDuplicate }) {
                throw CNIError(.kernelRefused, "\(attachment): somebody else has the address \(taken.address)")
            }
            return !addresses.contains { $0.isTentative }
        }
    }

    /// Asks until the answer is yes, more seldom with time.
    private func awaiting(
        _ failure: @autoclosure () -> String, _ isDone: () throws(CNIError) -> Bool
    ) throws(CNIError) {
        let deadline = MonotonicClock.nanoseconds + 10_000_000_000
        var pause: UInt64 = 50_000
        while try !isDone() {
            guard MonotonicClock.nanoseconds < deadline else {
                throw CNIError(.kernelRefused, "\(attachment): \(failure())")
            }
            MonotonicClock.pause(nanoseconds: pause)
            pause = min(pause * 2, 10_000_000)
        }
    }
}

extension AddressPlan.Placed {
    fileprivate func address(of link: Int32, skipsDuplicateDetection: Bool = true) -> InterfaceAddress {
        InterfaceAddress(
            address, prefixLength: prefixLength, linkIndex: link,
            skipsDuplicateDetection: skipsDuplicateDetection && address.family == .ipv6)
    }
}

extension Netlink.Route {
    fileprivate init(_ route: AttachmentResult.Route, over link: Int32) {
        self.init(
            to: route.destination, gateway: route.gateway, linkIndex: link,
            scope: route.scope.map { RouteScope(rawValue: $0) }, table: route.table ?? Self.mainTable,
            metric: route.priority, mtu: route.mtu, advertisedMSS: route.advertisedMSS)
    }
}
