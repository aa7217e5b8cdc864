import Net
import Netlink

extension PodLink {
    /// Makes links, addresses and routes, which carry packets when this returns. What it has made is gone again when it
    /// throws; a bridge that it has made stays.
    ///
    /// - Parameter ipam: Addresses and routes.
    /// - Returns: `ipam` with the interfaces, which interface has each address, and the gateways and routes that follow.
    package func attach(_ pod: PodNamespace, _ ipam: AttachmentResult) throws(CNIError) -> AttachmentResult {
        let plan = try AddressPlan(configuration, ipam)
        var host = try Kernel.ask { () throws(NetlinkError) in try RouteSocket() }
        let mtu = if let mtu = configuration.mtu { mtu } else { try Uplink.mtu(&host) }
        guard let bridge else {
            for family in plan.families { try PodBridge.forward(family) }
            try refuseSecond(&host, [])
            let ends = try makeLinks(&host, in: pod, mtu: mtu, master: nil)
            try undoingOnFailure(&host, ends) { host throws(CNIError) in
                try PodBridge.own(ends.host.name)
                _ = try configureContainer(pod, plan, ends)
                try configureRoutedEnd(&host, plan, ends)
                try awaitOperation([.index(ends.host.index)], &host)
                try awaitAddresses(plan.gateways, &host)
            }
            return result(plan, [interface(ends)], ends, pod.path)
        }
        let known = try refuseSecond(&host, [.name(bridge.name), .name(bridge.gatewayLinkName)])
        let master = try bridge.ensure(known[0], mtu: mtu, &host)
        var interfaces = [AttachmentResult.Interface(name: master.name, macAddress: master.macAddress, mtu: master.mtu)]
        var awaited: [LinkReference] = [.index(master.index)]
        var gatewayInterface: AttachmentResult.Interface?
        if !plan.gateways.isEmpty {
            let link = try bridge.ensureGatewayLink(known[1], on: master, &host)
            try bridge.ensureGateways(plan.gateways, on: link, &host)
            if link.index != master.index {
                awaited.append(.index(link.index))
                gatewayInterface = .init(name: link.name, macAddress: link.macAddress, mtu: link.mtu)
            }
        }
        let ends = try makeLinks(&host, in: pod, mtu: mtu, master: master)
        try undoingOnFailure(&host, ends) { host throws(CNIError) in
            try configurePort(&host, bridge.configuration, master, ends)
            guard !bridge.configuration.leavesInterfaceDown else { return }
            var container = try configureContainer(pod, plan, ends)
            try awaitOperation([.index(ends.host.index)] + awaited, &host)
            try awaitAddresses(plan.gateways, &host)
            try announce(&container, plan, ends)
        }
        interfaces.append(interface(ends))
        var result = result(plan, interfaces, ends, pod.path)
        if let gatewayInterface { result.interfaces.append(gatewayInterface) }
        return result
    }

    /// Makes sure that the attachment has no link yet, and reads what others are like.
    @discardableResult private func refuseSecond(
        _ host: inout RouteSocket, _ others: [LinkReference]
    ) throws(CNIError) -> [Link?] {
        guard attachment.linkAlias.utf8.count <= Attachment.aliasLimit else {
            throw CNIError(.badConfiguration, "network name \(attachment.network) and container id are too long")
        }
        let own = LinkReference.name(attachment.hostLinkName)
        let found = try Kernel.ask { () throws(NetlinkError) in try host.perform([], reading: [own] + others) }
        guard found[0] == nil else { throw alreadyAttached }
        return Array(found.dropFirst())
    }

    private var alreadyAttached: CNIError {
        CNIError(.kernelRefused, "\(attachment) is attached already, by link \(attachment.hostLinkName)")
    }

    /// Both ends by one request, and in the same send what can be set only of a link that is there.
    private func makeLinks(
        _ host: inout RouteSocket, in pod: PodNamespace, mtu: UInt32, master: Link?
    ) throws(CNIError) -> Ends {
        let name = attachment.hostLinkName
        let peer = LinkAttributes(
            name: attachment.interfaceName, mtu: mtu, macAddress: macAddress, namespace: pod.target)
        let own = LinkAttributes(
            name: name, mtu: mtu, macAddress: attachment.hostMACAddress, masterIndex: master?.index)
        let port = bridge.map {
            BridgePort(
                hairpin: $0.configuration.hairpin, isIsolated: $0.configuration.isolatesPorts,
                isLocked: $0.configuration.checksSourceMAC)
        }
        let change = LinkAttributes(isUp: true, alias: attachment.linkAlias, port: port)
        var requests: [RouteRequest] = [.addLink(LinkSpecification(own, kind: .veth(peer: peer)))]
        // A port has no use for an address of its own.
        if master != nil { requests.append(.refuseOwnIPv6Address(.name(name))) }
        requests.append(.setLink(.name(name), change))
        do throws(NetlinkError) {
            let made = try host.perform(requests, reading: [.name(name)])
            if let link = made[0], let index = link.peerIndex {
                return Ends(host: link, containerIndex: index, mtu: mtu)
            }
        } catch {
            if error.requestIndex == 0 {
                guard error.isExistence else { throw CNIError(.kernelRefused, "\(attachment): \(error)") }
                // One of the two names is taken.
                let link = try Kernel.ask { () throws(NetlinkError) in try host.perform([], reading: [.name(name)]) }
                if link[0] != nil { throw alreadyAttached }
                throw CNIError(
                    .kernelRefused,
                    "the container has an interface \(attachment.interfaceName) already (\(pod.path))")
            }
            remove(&host, .name(name))
            throw CNIError(.kernelRefused, "\(attachment): \(error)")
        }
        throw CNIError(.tryAgainLater, "\(attachment): link \(name) was removed meanwhile")
    }

    /// Runs `body`, and takes the link away again when it throws.
    private func undoingOnFailure(
        _ host: inout RouteSocket, _ ends: Ends, _ body: (inout RouteSocket) throws(CNIError) -> Void
    ) throws(CNIError) {
        do throws(CNIError) { try body(&host) } catch {
            remove(&host, .index(ends.host.index))
            throw error
        }
    }

    /// Takes away a link that this call has made, on the way to an error that is worth more than one of this.
    private func remove(_ host: inout RouteSocket, _ link: LinkReference) { try? host.perform(.deleteLink(link)) }

    private func interface(_ ends: Ends) -> AttachmentResult.Interface {
        .init(name: ends.host.name, macAddress: attachment.hostMACAddress, mtu: ends.mtu)
    }

    private func result(
        _ plan: AddressPlan, _ hostInterfaces: [AttachmentResult.Interface], _ ends: Ends, _ path: String
    ) -> AttachmentResult {
        var result = plan.result
        let own = AttachmentResult.Interface(
            name: attachment.interfaceName, macAddress: macAddress, mtu: ends.mtu, sandbox: path)
        result.interfaces = hostInterfaces + [own]
        for index in result.addresses.indices { result.addresses[index].interface = hostInterfaces.count }
        return result
    }
}
