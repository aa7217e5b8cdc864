import Net
import Netlink

/// UDP flows through host ports. A flow goes where its first packet went for as long as packets come, whatever the rules say
/// later; so those that the rules have made wrong are removed from the conntrack table.
enum HostPortFlows {
    /// Above this number of local addresses one list is quicker than a request for each.
    private static var maximumAddressCount: Int { 16 }

    /// Removes the flows to these host ports that lead elsewhere: to a pod that was there before, or, begun while there was
    /// none, to nobody. Other addresses' flows to a port of the same number stay.
    static func clear(leadingPast ports: [PodElement.Port]) throws(CNIError) {
        _ = try work(ports) { port, local, socket throws(NetlinkError) in
            let all = ConntrackFilter(
                port.podAddress.family, .udp, destination: port.hostAddress, destinationPort: port.hostPort)
            if port.hostAddress != nil { return try socket.delete(all) }
            if local.isEmpty {
                var routes = try RouteSocket()
                local = Set(try routes.addresses().map(\.address))
            }
            let own = local.filter { $0.family == .ipv4 }
            guard port.podAddress.family == .ipv4, own.count <= maximumAddressCount else {
                let wrong = try socket.flows(all) { !port.leads($0) && local.contains($0.original.destination) }
                for flow in wrong { _ = try socket.delete(flow) }
                return
            }
            for address in own {
                var filter = all
                filter.destination = address
                try socket.delete(filter)
            }
        }
    }

    /// Removes the flows through these host ports to their pods.
    ///
    /// - Returns: What was used for it; see `PodRules.Removal`.
    static func clear(leadingTo ports: [PodElement.Port]) throws(CNIError) -> ConntrackSocket? {
        try work(ports) { port, _, socket throws(NetlinkError) in
            try socket.delete(
                ConntrackFilter(
                    port.podAddress.family, .udp, destination: port.hostAddress, destinationPort: port.hostPort,
                    onlyTranslated: true, answerer: port.podAddress, answererPort: port.podPort))
        }
    }

    private static func work(
        _ ports: [PodElement.Port],
        _ body: (PodElement.Port, inout Set<IPAddress>, inout ConntrackSocket) throws(NetlinkError) -> Void
    ) throws(CNIError) -> ConntrackSocket? {
        let ports = ports.filter { $0.transport == .udp }
        guard !ports.isEmpty else { return nil }
        do throws(NetlinkError) {
            var socket = try ConntrackSocket()
            var localAddresses: Set<IPAddress> = []
            for port in ports { try body(port, &localAddresses, &socket) }
            return socket
        } catch {
            throw CNIError(.kernelRefused, "UDP flows of host ports", details: "\(error)")
        }
    }
}

extension PodElement.Port {
    /// The flow is answered by the pod's port.
    fileprivate func leads(_ flow: ConntrackFlow) -> Bool {
        flow.isTranslated && flow.reply.source == podAddress && flow.reply.sourcePort == podPort
    }
}
