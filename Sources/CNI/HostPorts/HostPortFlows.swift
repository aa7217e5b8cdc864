import Net
import Netlink

/// UDP flows through host ports. A flow goes where its first packet went for as long as packets come, whatever the rules say
/// later; so those that the rules have made wrong are removed from the conntrack table.
enum HostPortFlows {
    /// Removes the flows to these host ports that lead elsewhere: to a pod that was there before, or, begun while there was
    /// none, to nobody.
    static func clear(leadingPast ports: [PodElement.Port]) throws(CNIError) {
        var localAddresses: Set<IPAddress>?
        try clear(ports) { port, flow throws(NetlinkError) in
            guard !port.leads(flow) else { return false }
            // Other addresses' flows to a port of this number are not ours.
            guard port.hostAddress == nil else { return true }
            let destination = flow.original.destination
            if destination.isLoopback { return true }
            if localAddresses == nil {
                var socket = try RouteSocket()
                localAddresses = Set(try socket.addresses().map(\.address))
            }
            return localAddresses?.contains(destination) ?? false
        }
    }

    /// Removes the flows through these host ports to their pods.
    static func clear(leadingTo ports: [PodElement.Port]) throws(CNIError) {
        try clear(ports) { port, flow in port.leads(flow) }
    }

    private static func clear(
        _ ports: [PodElement.Port], where isWrong: (PodElement.Port, ConntrackFlow) throws(NetlinkError) -> Bool
    ) throws(CNIError) {
        let ports = ports.filter { $0.transport == .udp }
        guard !ports.isEmpty else { return }
        do throws(NetlinkError) {
            var socket = try ConntrackSocket()
            for port in ports {
                let filter = ConntrackFilter(
                    port.podAddress.family, .udp, destination: port.hostAddress, destinationPort: port.hostPort)
                for flow in try socket.flows(filter) where try isWrong(port, flow) { _ = try socket.delete(flow) }
            }
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
