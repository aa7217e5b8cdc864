import Net
import Netlink

/// Connections from 127.0.0.1 to host ports: they leave over the pod's link, so that must be allowed to route 127.0.0.0/8.
enum LoopbackRouting {
    /// Allows the links that lead to IPv4 pods to. What foreign hosts could reach by that is dropped by a rule of the pods' table.
    static func allow(to pods: [IPAddress]) throws(CNIError) {
        let pods = Set(pods.filter { $0.family == .ipv4 })
        guard !pods.isEmpty else { return }
        do throws(NetlinkError) {
            var socket = try RouteSocket()
            // Where there is no way to a pod there is nothing to allow.
            let links = try socket.routes(to: Array(pods)).compactMap(\.linkIndex)
            try socket.perform(links.map { .setLink(.index($0), LinkAttributes(routesLoopback: true)) })
        } catch {
            throw CNIError(.kernelRefused, "host ports on 127.0.0.1", details: "\(error)")
        }
    }
}
