import Net
import Netlink

/// UDP flows through host ports. A flow goes where its first packet went for as long as packets come, whatever the rules say
/// later; so those that the rules have made wrong are removed from the conntrack table.
///
/// Each question makes the kernel walk its whole table, in 0.15 ms where it removes by itself what a filter of IPv4 wants, in 9 ms where it
/// sends a list. That is asked for where the kernel is older, and in IPv6, whose addresses it cannot compare: one list of the family, of
/// which it sends what has the protocol, and of a single port that.
enum HostPortFlows {
    /// Above this number of requests one list is quicker.
    private static var maximumRequestCount: Int { 64 }

    /// Removes the flows to these host ports that lead elsewhere: to a pod that was there before, or, begun while there was
    /// none, to nobody. Other addresses' flows to a port of the same number stay.
    static func clear(leadingPast ports: [PodElement.Port]) throws(CNIError) {
        _ = try work(ports) { ports, socket throws(NetlinkError) in
            var local: Set<IPAddress> = []
            if ports.contains(where: { $0.hostAddress == nil }) {
                var routes = try RouteSocket()
                // Many links may have the same.
                local = Set(try routes.addresses().map(\.address))
            }
            try clear(ports, &socket, onlyTranslated: false) { port in
                let destinations = port.hostAddress.map { [$0] } ?? local.filter { $0.family == .ipv4 }
                return destinations.map {
                    ConntrackFilter(.ipv4, .udp, destination: $0, destinationPort: port.hostPort)
                }
            } where: { flow, port in
                guard port.hostPort == flow.original.destinationPort else { return false }
                guard let address = port.hostAddress else {
                    return !port.leads(flow) && port.podAddress.family == flow.original.destination.family
                        && local.contains(flow.original.destination)
                }
                return address == flow.original.destination
            }
        }
    }

    /// Removes the flows through these host ports to their pods.
    ///
    /// - Returns: What was used for it; see `PodRules.Removal`.
    static func clear(leadingTo ports: [PodElement.Port]) throws(CNIError) -> ConntrackSocket? {
        try work(ports) { ports, socket throws(NetlinkError) in
            func filter(_ port: PodElement.Port) -> ConntrackFilter {
                ConntrackFilter(
                    port.podAddress.family, .udp, destination: port.hostAddress, destinationPort: port.hostPort,
                    onlyTranslated: true, answerer: port.podAddress, answererPort: port.podPort)
            }
            try clear(ports, &socket, onlyTranslated: true) {
                [filter($0)]
            } where: {
                filter($1).matches($0)
            }
        }
    }

    /// - Parameters:
    ///   - onlyTranslated: No other flow is wrong.
    ///   - filters: What of an IPv4 port the kernel removes by itself.
    ///   - isWrong: The same of a flow of a list.
    private static func clear(
        _ ports: [PodElement.Port], _ socket: inout ConntrackSocket, onlyTranslated: Bool,
        by filters: (PodElement.Port) -> [ConntrackFilter], where isWrong: (ConntrackFlow, PodElement.Port) -> Bool
    ) throws(NetlinkError) {
        var listed = ports
        let requests = ports.filter { $0.podAddress.family == .ipv4 }.flatMap(filters)
        if try deleteInKernel(requests, &socket) { listed.removeAll { $0.podAddress.family == .ipv4 } }
        for (family, ports) in Dictionary(grouping: listed, by: \.podAddress.family) {
            let hostPorts = Set(ports.map(\.hostPort))
            let common = ConntrackFilter(
                family, .udp, destinationPort: hostPorts.count == 1 ? hostPorts.first : nil,
                onlyTranslated: onlyTranslated)
            for flow in try socket.flows(common, where: { flow in ports.contains { isWrong(flow, $0) } }) {
                _ = try socket.delete(flow)
            }
        }
    }

    /// - Returns: False when the kernel cannot, or a list is quicker.
    private static func deleteInKernel(
        _ filters: [ConntrackFilter], _ socket: inout ConntrackSocket
    ) throws(NetlinkError) -> Bool {
        guard filters.count <= maximumRequestCount else { return false }
        for filter in filters {
            let isDone = try socket.deleteInKernel(filter)
            if !isDone { return false }
        }
        return true
    }

    /// Runs `body` for the ports of UDP, if there are any.
    private static func work(
        _ ports: [PodElement.Port], _ body: ([PodElement.Port], inout ConntrackSocket) throws(NetlinkError) -> Void
    ) throws(CNIError) -> ConntrackSocket? {
        let ports = ports.filter { $0.transport == .udp }
        guard !ports.isEmpty else { return nil }
        do throws(NetlinkError) {
            var socket = try ConntrackSocket()
            try body(ports, &socket)
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
