import Net
import Netlink

/// The addresses of a network namespace, and word of when they change.
struct LocalAddressMonitor: ~Copyable, Sendable, Pollable {
    private var monitor: RouteMonitor
    private var socket: RouteSocket
    /// The link that each family's default route leads to, as of the last look.
    private var defaultLinks: [IPFamily: Int32] = [:]

    /// Watches from now on, in the network namespace of the calling thread.
    init() throws(NetlinkError) {
        // The monitor first: what changes while the addresses are listed is told afterwards.
        let monitor = try RouteMonitor()
        let socket = try RouteSocket()
        self.monitor = monitor
        self.socket = socket
    }

    var rawDescriptor: Int32 { monitor.rawDescriptor }

    /// Takes the news; whether something may be different now. News that were lost count as a change.
    ///
    /// A pod that comes or goes changes links and routes, a routing daemon thousands of routes: neither lists anything.
    mutating func hasChanged() -> Bool {
        guard let changes = try? monitor.drain() else { return true }
        if !changes.isDisjoint(with: [.addresses, .overflow]) { return true }
        return changes.contains(.routes) && currentDefaultLinks() != defaultLinks
    }

    /// All addresses that can be used: not those that duplicate address detection has yet to clear.
    mutating func current() throws(NetlinkError) -> [LocalAddress] {
        let links = currentDefaultLinks()
        defaultLinks = links
        return try socket.addresses().filter { !$0.isTentative }.map { held in
            LocalAddress(
                address: held.address, prefixLength: held.prefixLength, interfaceIndex: Int(held.linkIndex),
                hasDefaultRoute: links[held.address.family] == held.linkIndex)
        }
    }

    /// Asks the kernel for the route to an address that nobody has (RFC 5737, RFC 3849): the default route, found
    /// without a list of all. Nothing is sent there.
    private mutating func currentDefaultLinks() -> [IPFamily: Int32] {
        var links: [IPFamily: Int32] = [:]
        for somewhere in [IPAddress(v4: 0xC000_0201), IPAddress(v6: 0x2001_0DB8 << 32, 1)] {
            links[somewhere.family] = (try? socket.route(to: somewhere))?.linkIndex
        }
        return links
    }
}
