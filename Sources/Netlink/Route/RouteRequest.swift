import CLinux
import Glibc
import Net

/// One change of links, addresses, routes, neighbours or rules.
package enum RouteRequest: Sendable {
    case addLink(LinkSpecification)
    /// Sets what is not nil; `LinkAttributes.name` renames, `index` is not used.
    case setLink(LinkReference, LinkAttributes)
    case deleteLink(LinkReference)
    /// Keeps the kernel from giving the link an IPv6 address by itself. Where the kernel has no IPv6 there is nothing to keep it from.
    case refuseOwnIPv6Address(LinkReference)
    /// Deletes all links of a group at once: they share the time that the kernel takes for one.
    case deleteLinks(group: UInt32)
    /// Lets a port of a bridge, or the bridge itself, into VLANs.
    case addVLANs(BridgeVLANs)
    case deleteVLANs(BridgeVLANs)
    /// Says for good that this address is behind that port of a bridge.
    case setForwarding(MACAddress, port: Int32)
    case addAddress(InterfaceAddress)
    case deleteAddress(InterfaceAddress)
    /// Fails with `EEXIST` when there is one to the same destination (in the same table, of the same metric).
    case addRoute(Route)
    /// Comes after others to the same destination; fails with `EEXIST` when there is just the same.
    case appendRoute(Route)
    /// Takes the place of the one to the same destination, if there is one.
    case replaceRoute(Route)
    case deleteRoute(Route)
    /// Takes the place of one that exists.
    case setNeighbour(Neighbour)
    case deleteNeighbour(Neighbour)
    case addRule(RoutingRule)
    case deleteRule(RoutingRule)
}

extension RouteRequest {
    func append(to buffer: MessageBuffer) {
        let new = NLM_F_CREATE | NLM_F_EXCL
        let replace = NLM_F_CREATE | NLM_F_REPLACE
        switch self {
        case .addLink(let link): link.append(to: buffer)
        case .setLink(let link, let attributes): attributes.append(changing: link, to: buffer)
        case .refuseOwnIPv6Address(let link):
            link.append(RTM_SETLINK, to: buffer) {
                buffer.appendNest(IFLA_AF_SPEC) {
                    buffer.appendNest(Int(AF_INET6)) {
                        buffer.appendAttribute(IFLA_INET6_ADDR_GEN_MODE, number: UInt8(IN6_ADDR_GEN_MODE_NONE.rawValue))
                    }
                }
            }
        case .deleteLink(let link): link.append(RTM_DELLINK, to: buffer)
        case .addAddress(let address): address.append(RTM_NEWADDR, flags: new, to: buffer)
        case .deleteAddress(let address): address.append(RTM_DELADDR, flags: 0, to: buffer)
        case .deleteLinks(let group):
            buffer.appendMessage(type: RTM_DELLINK, flags: 0, ifinfomsg()) {
                buffer.appendAttribute(IFLA_GROUP, number: group)
            }
        case .addVLANs(let vlans): vlans.append(RTM_SETLINK, to: buffer)
        case .deleteVLANs(let vlans): vlans.append(RTM_DELLINK, to: buffer)
        case .setForwarding(let address, let port): BridgePort.append(address, behind: port, flags: replace, to: buffer)
        case .addRoute(let route): route.append(RTM_NEWROUTE, flags: new, to: buffer)
        case .appendRoute(let route): route.append(RTM_NEWROUTE, flags: NLM_F_CREATE | NLM_F_APPEND, to: buffer)
        case .replaceRoute(let route): route.append(RTM_NEWROUTE, flags: replace, to: buffer)
        case .deleteRoute(let route): route.append(RTM_DELROUTE, flags: 0, to: buffer)
        case .setNeighbour(let neighbour): neighbour.append(RTM_NEWNEIGH, flags: replace, to: buffer)
        case .deleteNeighbour(let neighbour): neighbour.append(RTM_DELNEIGH, flags: 0, to: buffer)
        case .addRule(let rule): rule.append(RTM_NEWRULE, flags: new, to: buffer)
        case .deleteRule(let rule): rule.append(RTM_DELRULE, flags: 0, to: buffer)
        }
    }

    /// Whether such a failure is as good as success.
    func accepts(_ errno: Int32) -> Bool {
        guard case .refuseOwnIPv6Address = self else { return false }
        return errno == EAFNOSUPPORT
    }

    /// What the request is about, for errors: "new link veth1", "route 10.244.1.0/24 via 192.168.0.2".
    var object: String {
        switch self {
        case .addLink(let link): "new link \(link.attributes.name ?? "without a name")"
        case .setLink(let link, _), .refuseOwnIPv6Address(let link), .deleteLink(let link): link.description
        case .addAddress(let address), .deleteAddress(let address):
            "address \(address.address)/\(address.prefixLength) of link \(address.linkIndex)"
        case .deleteLinks(let group): "links of group \(group)"
        case .addVLANs(let vlans), .deleteVLANs(let vlans): vlans.description
        case .setForwarding(let address, let port): "forwarding entry \(address) of link \(port)"
        case .addRoute(let route), .appendRoute(let route), .replaceRoute(let route), .deleteRoute(let route):
            route.text
        case .setNeighbour(let neighbour), .deleteNeighbour(let neighbour):
            "neighbour \(neighbour.address) of link \(neighbour.linkIndex)"
        case .addRule(let rule), .deleteRule(let rule):
            "\(rule.family) rule \(rule.priority) to table \(rule.table)"
        }
    }
}

extension Route {
    fileprivate var text: String {
        var text = "route \(destination)"
        if let gateway { text += " via \(gateway)" }
        if let linkIndex { text += " over link \(linkIndex)" }
        return table == Self.mainTable ? text : text + " in table \(table)"
    }
}

extension LinkAttributes {
    fileprivate func append(changing link: LinkReference, to buffer: MessageBuffer) {
        var header = self.header
        header.ifi_index = link.index
        // What belongs to a driver, or to the bridge that the link is a port of, is taken by RTM_NEWLINK only.
        let isOfDriver = port != nil || filtersVLANs != nil
        buffer.appendMessage(type: isOfDriver ? RTM_NEWLINK : RTM_SETLINK, flags: 0, header) {
            switch link {
            case .index: append(to: buffer)
            // The name says which link it is, so it cannot be the new one as well.
            case .name(let name):
                var others = self
                others.name = name
                others.append(to: buffer)
            }
            guard isOfDriver else { return }
            buffer.appendNest(IFLA_LINKINFO) {
                if filtersVLANs != nil { buffer.appendAttribute(IFLA_INFO_KIND, string: "bridge") }
                appendBridgeData(to: buffer)
                port?.append(to: buffer)
            }
        }
    }
}

extension LinkReference {
    fileprivate var index: Int32 {
        switch self {
        case .index(let index): index
        case .name: 0
        }
    }

    /// A request that is about the link and says what `body` appends.
    func append(_ type: Int, to buffer: MessageBuffer, _ body: () -> Void = {}) {
        var header = ifinfomsg()
        header.ifi_index = index
        buffer.appendMessage(type: type, flags: 0, header) {
            if case .name(let name) = self { buffer.appendAttribute(IFLA_IFNAME, string: name) }
            body()
        }
    }

    /// Asks what the link is like, without its counters.
    func appendQuestion(to buffer: MessageBuffer) {
        var header = ifinfomsg()
        header.ifi_index = index
        buffer.appendMessage(type: RTM_GETLINK, flags: 0, header) {
            if case .name(let name) = self { buffer.appendAttribute(IFLA_IFNAME, string: name) }
            buffer.appendAttribute(IFLA_EXT_MASK, number: UInt32(RTEXT_FILTER_SKIP_STATS))
        }
    }

    func isReference(to link: Link) -> Bool {
        switch self {
        case .index(let index): link.index == index
        case .name(let name): link.name == name
        }
    }
}
