import Netlink

/// What of the kernel's settings Services depend on.
extension NodeProxy {
    /// Connections from 127.0.0.1 may leave the loopback interface; the rule in `input` keeps others from coming in.
    func routeLocalhost() {
        let name = "net.ipv4.conf.all.route_localnet"
        do {
            try Sysctl.write(name, "1")
        } catch {
            logger.warning("NodePorts are not answered on 127.0.0.1: \(name): \(error)")
        }
    }

    /// Fairlead does not set what the node's administrator owns, but says what will not work without it.
    func warnWithoutForwarding() {
        for (family, name) in [("IPv4", "net.ipv4.ip_forward"), ("IPv6", "net.ipv6.conf.all.forwarding")]
        where (try? Sysctl.read(name)) == "0" {
            logger.warning("\(name) is 0: this node does not forward \(family), so Services work from the node only")
        }
    }
}
