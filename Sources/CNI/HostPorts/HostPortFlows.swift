import Net
import Netlink

/// UDP flows through host ports. A flow goes where its first packet went for as long as packets come, whatever the rules say
/// later; so those that the rules have made wrong are removed from the conntrack table.
///
/// Each question makes the kernel walk its whole table. It removes by itself what a filter of IPv4 wants; for several ports, and in IPv6,
/// whose addresses it cannot compare, one list of a family is asked for, of which it sends what has the protocol, and of a single port
/// that.
enum HostPortFlows {
    /// Above this number of local addresses one list is quicker than a request for each.
    private static var maximumAddressCount: Int { 16 }

    /// Removes the flows to these host ports that lead elsewhere: to a pod that was there before, or, begun while there was
    /// none, to nobody. Other addresses' flows to a port of the same number stay.
    static func clear(leadingPast ports: [PodElement.Port]) throws(CNIError) {
        _ = try work(ports) { family, ports, socket throws(NetlinkError) in
            var local: [IPAddress] = []
            if ports.contains(where: { $0.hostAddress == nil }) {
                var routes = try RouteSocket()
                local = try routes.addresses(family).map(\.address)
            }
            if family == .ipv4, let port = ports.first, ports.count == 1 {
                let destinations = port.hostAddress.map { [$0] } ?? local
                if destinations.count <= maximumAddressCount {
                    for destination in destinations {
                        try socket.delete(
                            ConntrackFilter(.ipv4, .udp, destination: destination, destinationPort: port.hostPort))
                    }
                    return
                }
            }
            try clear(ConntrackFilter(family, .udp, destinationPort: ports.onlyHostPort), &socket) { flow in
                ports.contains { port in
                    guard port.hostPort == flow.original.destinationPort else { return false }
                    guard let address = port.hostAddress else {
                        return !port.leads(flow) && local.contains(flow.original.destination)
                    }
                    return address == flow.original.destination
                }
            }
        }
    }

    /// Removes the flows through these host ports to their pods.
    ///
    /// - Returns: What was used for it; see `PodRules.Removal`.
    static func clear(leadingTo ports: [PodElement.Port]) throws(CNIError) -> ConntrackSocket? {
        try work(ports) { family, ports, socket throws(NetlinkError) in
            let filters = ports.map { port in
                ConntrackFilter(
                    family, .udp, destination: port.hostAddress, destinationPort: port.hostPort, onlyTranslated: true,
                    answerer: port.podAddress, answererPort: port.podPort)
            }
            if family == .ipv4, let filter = filters.first, filters.count == 1 { return try socket.delete(filter) }
            let common = ConntrackFilter(family, .udp, destinationPort: ports.onlyHostPort, onlyTranslated: true)
            try clear(common, &socket) { flow in filters.contains { $0.matches(flow) } }
        }
    }

    private static func clear(
        _ filter: ConntrackFilter, _ socket: inout ConntrackSocket, where isWrong: (ConntrackFlow) -> Bool
    ) throws(NetlinkError) {
        for flow in try socket.flows(filter, where: isWrong) { _ = try socket.delete(flow) }
    }

    /// Runs `body` for the ports of each family.
    private static func work(
        _ ports: [PodElement.Port],
        _ body: (IPFamily, [PodElement.Port], inout ConntrackSocket) throws(NetlinkError) -> Void
    ) throws(CNIError) -> ConntrackSocket? {
        let ports = ports.filter { $0.transport == .udp }
        guard !ports.isEmpty else { return nil }
        do throws(NetlinkError) {
            var socket = try ConntrackSocket()
            for family in IPFamily.allCases {
                let own = ports.filter { $0.podAddress.family == family }
                if !own.isEmpty { try body(family, own, &socket) }
            }
            return socket
        } catch {
            throw CNIError(.kernelRefused, "UDP flows of host ports", details: "\(error)")
        }
    }
}

extension [PodElement.Port] {
    /// The number that all of them have; nil where there are several.
    fileprivate var onlyHostPort: UInt16? { allSatisfy { $0.hostPort == first?.hostPort } ? first?.hostPort : nil }
}

extension PodElement.Port {
    /// The flow is answered by the pod's port.
    fileprivate func leads(_ flow: ConntrackFlow) -> Bool {
        flow.isTranslated && flow.reply.source == podAddress && flow.reply.sourcePort == podPort
    }
}
