import Net
import Netlink

/// Processes of the node that listen where a host port shall be. They would get no connection any more, or the pod none.
enum PortListeners {
    /// - Throws: `.hostPortTaken` that names the process.
    static func check(_ ports: [PodElement.Port]) throws(CNIError) {
        for (transport, ports) in Dictionary(grouping: ports, by: \.transport) {
            let numbers = Set(ports.map(\.hostPort))
            let listeners = try listeners(transport, port: numbers.count == 1 ? numbers.first : nil)
            for port in ports {
                let family = port.podAddress.family
                guard
                    let listener = listeners.first(where: {
                        $0.port == port.hostPort && $0.hears(port.hostAddress, family)
                    })
                else { continue }
                let text = HostPort(
                    transport, hostAddress: port.hostAddress, hostPort: port.hostPort, containerPort: port.podPort)
                let process = SocketHolder.find(inode: listener.inode)
                throw CNIError(
                    .hostPortTaken,
                    "\(text) is taken by \(process?.description ?? "the socket with inode \(listener.inode)")",
                    details: "it listens on \(listener.address) port \(listener.port)")
            }
        }
    }

    private static func listeners(_ transport: L4Protocol, port: UInt16?) throws(CNIError) -> [ListeningSocket] {
        do throws(NetlinkError) {
            var diagnostics = try SocketDiagnostics()
            return try diagnostics.listeners(transport, port: port)
        } catch {
            throw CNIError(.kernelRefused, "search for listening sockets", details: "\(error)")
        }
    }
}
