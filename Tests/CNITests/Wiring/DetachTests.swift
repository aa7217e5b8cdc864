import Net
import Netlink
import TestSupport
import Testing

@testable import CNI

/// What becomes of an attachment, however it ends.
@Suite(.wiringNamespaces) struct DetachTests {
    static let wirings: [(String, WiringConfiguration)] = [("bridge", .bridge()), ("ptp", .ptp)]

    enum End: CaseIterable {
        /// While the container lives.
        case withNamespace
        /// The runtime no longer knows it.
        case withoutNamespace
        case namespaceGone
        case namespaceReplaced
        case hostEndRenamed
    }

    @Test(arguments: ["bridge", "ptp"], End.allCases) func nothingIsLeft(_ mode: String, _ end: End) async throws {
        let lab = try WiringLab()
        let wiring = mode == "bridge" ? WiringConfiguration.bridge() : .ptp
        // The bridge, its addresses and the forwarding stay.
        let neighbour = try lab.attach(wiring, "10.1.0.9/24 10.1.0.1", "fd01::9/64 fd01::1")
        let server = try neighbour.serve()
        let before = try lab.traces()
        let all = try [AttachmentResult.Route.default(.ipv4), .default(.ipv6)]
        let pod = try lab.pod()
        try lab.attach(pod, wiring, ["10.1.0.2/24 10.1.0.1", "fd01::2/64 fd01::1"], routes: mode == "ptp" ? all : [])
        let link = PodLink(wiring, pod.attachment)
        try serving([server, try pod.serve()]) { () throws in
            for address in ["10.1.0.9", "fd01::9"] { #expect(try pod.reaches(address)) }
            for address in ["10.1.0.2", "fd01::2"] {
                guard case .answered = try lab.host.probe(try IPAddress(address), port: 7, .udp) else {
                    Issue.record("the host does not reach \(address)")
                    continue
                }
            }
        }
        // Both sides have learned something about each other by now.
        #expect(try lab.changes(since: before) != [])
        var path: String? = pod.path
        switch end {
        case .withNamespace: break
        case .withoutNamespace: path = nil
        case .namespaceGone:
            try pod.end()
            try await eventually { try lab.run { try RouteSocket.hasNo(pod.attachment.hostLinkName) } }
        case .namespaceReplaced: path = neighbour.path
        case .hostEndRenamed:
            let name = pod.attachment.hostLinkName
            _ = try lab.tool("ip", "link", "set", name, "alias", "somebody")
            _ = try lab.tool("ip", "link", "set", name, "name", "other0")
        }
        try lab.run {
            let namespace = path.flatMap { try? PodNamespace(path: $0) }
            try link.detach(namespace)
            try link.detach(namespace)
            try link.detach(nil)
        }
        try lab.expectNoChange(since: before)
        #expect(try !lab.tool("ip", "neighbour").contains(pod.attachment.macAddress.description))
        try serving([server]) { () throws in
            guard case .answered = try lab.host.probe(try IPAddress("10.1.0.9"), port: 7, .udp) else {
                Issue.record("the neighbour is not what it was")
                return
            }
        }
        if end != .namespaceGone {
            #expect(try !pod.tool("ip", "link").contains("eth0"))
            // It can be attached again.
            try lab.attach(pod, wiring, ["10.1.0.2/24 10.1.0.1"])
        }
    }

    @Test func whatIsNotOursStays() throws {
        let lab = try WiringLab()
        let pod = try lab.pod()
        let name = pod.attachment.hostLinkName
        // Somebody's link has our name, and somebody's interface is in the container.
        _ = try lab.tool("ip", "link", "add", name, "type", "veth", "peer", "name", "peer0")
        _ = try lab.tool("ip", "link", "set", name, "alias", "fairlead/pods/another/eth0")
        _ = try pod.tool("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "other0")
        try lab.run { try PodLink(.bridge(), pod.attachment).detach(PodNamespace(path: pod.path)) }
        #expect(try lab.tool("ip", "link").contains(name))
        #expect(try pod.tool("ip", "link").contains("eth0"))
    }

    @Test func nothingToDetachIsNoError() throws {
        let lab = try WiringLab()
        let link = PodLink(.bridge(), CNI.Attachment(network: "pods", containerID: "never", interfaceName: "eth0"))
        try lab.run {
            for path in [nil, "/run/netns/absent", "/proc/0/ns/net", "/etc/hostname", "/proc/self/ns/net"] {
                try link.detach(path.flatMap { try? PodNamespace(path: $0) })
            }
        }
    }

    @Test(arguments: ["bridge", "ptp"]) func anInterfaceThatIsThereStopsADD(_ mode: String) throws {
        let lab = try WiringLab()
        let wiring = mode == "bridge" ? WiringConfiguration.bridge() : .ptp
        let neighbour = try lab.attach(wiring, "10.1.0.9/24 10.1.0.1")
        let pod = try lab.pod()
        _ = try pod.tool("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "other0")
        let before = try lab.traces()
        let error = #expect(throws: CNIError.self) { try lab.attach(pod, wiring, ["10.1.0.2/24 10.1.0.1"]) }
        #expect(error?.message == "the container has an interface eth0 already (\(pod.path))")
        #expect(try pod.tool("ip", "-d", "link", "show", "eth0").contains("alias") == false)
        // A second ADD of the same attachment.
        let second = #expect(throws: CNIError.self) { try lab.attach(neighbour, wiring, ["10.1.0.3/24 10.1.0.1"]) }
        #expect(second?.message.contains("is attached already") == true)
        try lab.expectNoChange(since: before)
        #expect(try neighbour.tool("ip", "address").contains("10.1.0.9/"))
    }

    @Test func whatIsNoContainerIsRefused() throws {
        let lab = try WiringLab()
        let link = PodLink(.bridge(), CNI.Attachment(network: "pods", containerID: "a", interfaceName: "eth0"))
        for (path, code) in [
            ("/run/netns/absent", CNIError.Code.unknownContainer), ("/proc/thread-self/ns/net", .badEnvironment),
        ] {
            let error = #expect(throws: CNIError.self) {
                try lab.run {
                    try link.attach(
                        PodNamespace(path: path), AttachmentResult(addresses: [try .init(cidr: "10.1.0.2/24")]))
                }
            }
            #expect(error?.code == code)
        }
        #expect(try !lab.tool("ip", "link").contains("veth"))
    }
}

extension RouteSocket {
    fileprivate static func hasNo(_ link: String) throws -> Bool {
        var socket = try RouteSocket()
        return try socket.perform([], reading: [.name(link)]) == [nil]
    }
}
