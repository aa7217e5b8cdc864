import Net
import Netlink

/// The addresses of a network namespace, and word of when they change.
struct LocalAddressMonitor: ~Copyable, Sendable, Pollable {
    private var monitor: RouteMonitor
    private var socket: RouteSocket

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
    mutating func hasChanged() -> Bool {
        guard let changes = try? monitor.drain() else { return true }
        return !changes.isEmpty
    }

    /// All addresses that can be used: not those that duplicate address detection has yet to clear.
    mutating func current() throws(NetlinkError) -> [LocalAddress] {
        var defaultRoutes: Set<DefaultRoute> = []
        for family in IPFamily.allCases {
            for route in try socket.routes(family) where route.destination.length == 0 {
                if let index = route.linkIndex { defaultRoutes.insert(DefaultRoute(family: family, linkIndex: index)) }
            }
        }
        var names: [Int32: String] = [:]
        for link in try socket.links() { names[link.index] = link.name }
        return try socket.addresses().filter { !$0.isTentative }.map { held in
            LocalAddress(
                address: held.address, prefixLength: held.prefixLength, interfaceIndex: Int(held.linkIndex),
                interfaceName: names[held.linkIndex] ?? "",
                hasDefaultRoute: defaultRoutes.contains(
                    DefaultRoute(family: held.address.family, linkIndex: held.linkIndex)))
        }
    }

    private struct DefaultRoute: Hashable {
        let family: IPFamily
        let linkIndex: Int32
    }
}
