import Net
import Netlink
import Testing

@Suite(.enabled(if: mayMakeNamespaces)) struct RouteMonitorTests {
    @Test func eachKindOfChangeIsSeen() throws {
        try inNewNamespace {
            var monitor = try RouteMonitor()
            var poller = try Poller()
            try poller.add(monitor, token: 1)
            var socket = try RouteSocket()
            #expect(try monitor.drain() == [])
            try socket.perform(.addLink(.veth("host0", peer: "eth0", mtu: 1500, index: 101)))
            #expect(try poller.wait(timeoutMilliseconds: 1000) == [1])
            #expect(try monitor.drain() == .links)
            #expect(try poller.wait(timeoutMilliseconds: 0) == [])
            for address in ["10.0.0.1", "fd00::1"] {
                try socket.perform(
                    .addAddress(InterfaceAddress(try IPAddress(address), prefixLength: 32, linkIndex: 101)))
                #expect(try monitor.drain().contains(.addresses))
            }
            try socket.perform(.setLink(.index(101), LinkAttributes(isUp: true)))
            _ = try monitor.drain()
            for prefix in ["10.244.0.0/16", "fd44::/64"] {
                try socket.perform(.addRoute(Route(to: try IPPrefix(prefix), kind: .blackhole)))
                // The kernel finds a moment later that the link has no carrier, which is news as well.
                #expect(try monitor.drain().contains(.routes))
            }
        }
    }

    @Test func lostNewsAreReported() throws {
        try inNewNamespace {
            var monitor = try RouteMonitor(receiveBufferByteCount: 4096)
            var socket = try RouteSocket()
            for _ in 0..<50 {
                try socket.perform([
                    .addLink(.veth("host0", peer: "eth0", mtu: 1500, index: 101)), .deleteLink(.name("host0")),
                ])
            }
            #expect(try monitor.drain().contains([.overflow, .links]))
            #expect(try monitor.drain() == [])
        }
    }
}
