import Glibc
import Net
import Testing

@testable import Netlink

@Suite(.enabled(if: mayMakeNamespaces)) struct SocketDiagnosticsTests {
    /// A program that listens, once it does.
    private func listen(
        _ kind: String, _ transport: L4Protocol, port: UInt16
    ) throws -> (tool: BackgroundTool, sockets: [ListeningSocket]) {
        let tool = try BackgroundTool("socat", "\(kind):\(port)", "SYSTEM:true")
        var diagnostics = try SocketDiagnostics()
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let sockets = try diagnostics.listeners(transport, port: port)
            if !sockets.isEmpty || ContinuousClock.now > deadline { return (tool, sockets) }
            usleep(2000)
        }
    }

    @Test(
        arguments: [
            ("TCP4-LISTEN", "0.0.0.0", false), ("TCP6-LISTEN", "::", false), ("UDP4-RECVFROM", "0.0.0.0", false),
        ])
    func findsWhoListens(kind: String, address: String, isIPv6Only: Bool) throws {
        try inNewNamespace {
            let transport: L4Protocol = kind.hasPrefix("UDP") ? .udp : .tcp
            let (tool, sockets) = try listen(kind, transport, port: 7000)
            defer { tool.stop() }
            let socket = try #require(sockets.first)
            #expect(sockets.count == 1)
            #expect(socket.address == IPAddress(parsing: address))
            #expect((socket.transport, socket.port, socket.isIPv6Only) == (transport, 7000, isIPv6Only))
            let holder = SocketHolder.find(inode: socket.inode)
            #expect(holder == SocketHolder(processID: tool.processID, name: "socat"))
            #expect(holder?.description == "socat (pid \(tool.processID))")
            var diagnostics = try SocketDiagnostics()
            #expect(try diagnostics.listeners(transport, port: 7001) == [])
            #expect(try diagnostics.listeners(transport) == sockets)
            #expect(try diagnostics.listeners(transport == .tcp ? .udp : .tcp) == [])
        }
    }

    @Test func anUnknownSocketHasNoHolder() { #expect(SocketHolder.find(inode: .max) == nil) }

    @Test(
        arguments: [
            ("0.0.0.0", false, "192.0.2.1", IPFamily.ipv4, true), ("0.0.0.0", false, nil, .ipv4, true),
            ("0.0.0.0", false, nil, .ipv6, false), ("127.0.0.1", false, "192.0.2.1", .ipv4, false),
            ("127.0.0.1", false, nil, .ipv4, true), ("::", false, "192.0.2.1", .ipv4, true),
            ("::", true, "192.0.2.1", .ipv4, false), ("::", true, nil, .ipv6, true), ("::1", false, nil, .ipv4, false),
            ("::1", false, "::", .ipv6, true), ("::ffff:192.0.2.1", false, "192.0.2.1", .ipv4, true),
            ("::ffff:192.0.2.1", false, "192.0.2.2", .ipv4, false), ("::ffff:192.0.2.1", false, nil, .ipv6, true),
        ] as [(String, Bool, String?, IPFamily, Bool)])
    func hears(bound: String, isIPv6Only: Bool, address: String?, family: IPFamily, hears: Bool) throws {
        let socket = ListeningSocket(
            .tcp, address: try #require(IPAddress(parsing: bound)), port: 80, isIPv6Only: isIPv6Only, inode: 0)
        #expect(socket.hears(try address.map { try #require(IPAddress(parsing: $0)) }, family) == hears)
    }
}
