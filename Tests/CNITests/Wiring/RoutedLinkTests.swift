import CNI
import Net
import Netlink
import TestSupport
import Testing

/// Containers on links of their own, with real packets.
@Suite(.wiringNamespaces) struct RoutedLinkTests {
    @Test func podsReachEachOtherAndTheHostAtOnce() throws {
        let lab = try WiringLab()
        let all = try [AttachmentResult.Route.default(.ipv4), .default(.ipv6)]
        let one = try lab.attach(.ptp, "10.2.0.2/24 10.2.0.1", "fd02::2/64 fd02::1", routes: all)
        let two = try lab.attach(.ptp, "10.2.0.3/24 10.2.0.1", "fd02::3/64 fd02::1", routes: all)
        let servers = try [one.serve(), two.serve(), lab.host.serve("host", port: 7, transports: [.udp])]
        try serving(servers) { () throws in
            for address in ["10.2.0.3", "fd02::3", "10.2.0.1", "fd02::1"] { #expect(try one.reaches(address)) }
            for address in ["10.2.0.2", "fd02::2", "10.2.0.1", "fd02::1"] { #expect(try two.reaches(address)) }
        }
        let address = try one.tool("ip", "address", "show", "eth0")
        #expect(address.contains("10.2.0.2/32") && address.contains("fd02::2/128"))
        let routes = try one.tool("ip", "route")
        #expect(routes.contains("default via 10.2.0.1 dev eth0") && routes.contains("10.2.0.1 dev eth0 scope link"))
        #expect(try lab.tool("ip", "route").contains("10.2.0.2 dev \(one.attachment.hostLinkName) scope link"))
        let neighbours = try lab.tool("ip", "neighbour")
        #expect(neighbours.contains("10.2.0.2 dev \(one.attachment.hostLinkName)") && neighbours.contains("PERMANENT"))
        #expect(
            try lab.run { try Sysctl.read("net/ipv6/conf/\(one.attachment.hostLinkName)/accept_ra") } == "0")
    }

    @Test func withoutAGatewayTheLinkHasOne() throws {
        let lab = try WiringLab()
        let all = try [AttachmentResult.Route.default(.ipv4), .default(.ipv6)]
        let one = try lab.attach(.ptp, "10.2.0.2/32", "fd02::2/128", routes: all)
        let two = try lab.attach(.ptp, "10.2.0.3/32", "fd02::3/128", routes: all)
        try serving([one.serve(), two.serve()]) { () throws in
            #expect(try one.reaches("10.2.0.3") && two.reaches("10.2.0.2"))
            #expect(try one.reaches("fd02::3") && two.reaches("fd02::2"))
        }
        #expect(try one.tool("ip", "route").contains("default via 169.254.1.1 dev eth0"))
        #expect(try one.tool("ip", "-6", "route").contains("default via fe80::1 dev eth0"))
    }

    @Test func routesHaveAllThatIPAMSays() throws {
        let lab = try WiringLab()
        var route = AttachmentResult.Route(try IPPrefix("192.0.2.0/24"))
        (route.mtu, route.advertisedMSS, route.priority, route.table) = (1300, 1200, 7, 1000)
        var direct = AttachmentResult.Route(try IPPrefix("198.51.100.0/24"))
        direct.scope = RouteScope.global.rawValue
        var sixth = AttachmentResult.Route(try IPPrefix("fd77::/32"))
        (sixth.mtu, sixth.priority) = (1310, 8)
        let pod = try lab.attach(
            .ptp, "10.2.0.2/24 10.2.0.1", "fd02::2/64 fd02::1", routes: [route, direct, sixth, direct])
        let text = try pod.tool("ip", "route", "show", "table", "1000")
        #expect(text.contains("192.0.2.0/24 via 10.2.0.1 dev eth0 metric 7 mtu 1300 advmss 1200"))
        #expect(try pod.tool("ip", "route").contains("198.51.100.0/24 via 10.2.0.1 dev eth0"))
        #expect(try pod.tool("ip", "-6", "route").contains("fd77::/32 via fd02::1 dev eth0 metric 8 mtu 1310"))
    }

    @Test func aRouteThatCannotBeLeavesNothing() throws {
        let lab = try WiringLab()
        let pod = try lab.pod()
        let before = try (lab.traces(), pod.tool("ip", "link"))
        let route = AttachmentResult.Route(try IPPrefix("192.0.2.0/24"), gateway: try IPAddress("203.0.113.1"))
        let error = #expect(throws: CNIError.self) {
            try lab.attach(pod, .ptp, ["10.2.0.2/24 10.2.0.1"], routes: [route])
        }
        #expect(error?.code == .kernelRefused && error?.message.contains("192.0.2.0/24 via 203.0.113.1") == true)
        try lab.expectNoChange(since: before.0)
        #expect(try pod.tool("ip", "link") == before.1)
    }
}
