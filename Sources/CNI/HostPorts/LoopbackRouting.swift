import Net
import Netlink

/// Connections from 127.0.0.1 to host ports: they leave over the pod's link, so that must be allowed to route 127.0.0.0/8.
enum LoopbackRouting {
    /// Sets `route_localnet` of the links that lead to IPv4 pods. What foreign hosts could reach by that is dropped by a rule
    /// of the pods' table.
    static func allow(to pods: Set<IPAddress>) throws(CNIError) {
        for pod in pods where pod.family == .ipv4 {
            guard let link = try linkName(to: pod) else { continue }
            let name = "net/ipv4/conf/\(link)/route_localnet"
            do throws(SystemError) {
                if try Sysctl.read(name) != "1" { try Sysctl.write(name, "1") }
            } catch {
                throw CNIError(.ioFailure, "host ports on 127.0.0.1", details: "\(error)")
            }
        }
    }

    /// The link that packets to the pod leave over; nil where there is no way to it.
    private static func linkName(to pod: IPAddress) throws(CNIError) -> String? {
        do throws(NetlinkError) {
            var socket = try RouteSocket()
            guard let index = try? socket.route(to: pod).linkIndex else { return nil }
            return try socket.link(.index(index)).name
        } catch {
            throw CNIError(.kernelRefused, "host ports on 127.0.0.1", details: "\(error)")
        }
    }
}
