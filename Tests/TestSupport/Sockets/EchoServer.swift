import Net

/// A server that tells its name and the source address it sees, over TCP and UDP, IPv4 and IPv6.
///
/// Over TCP an HTTP/1.x request gets a response with the greeting as its body, any other line gets the greeting as a
/// line, and the connection stays open for more. A datagram gets the greeting as a datagram. It serves on one thread of its
/// own, in the network namespace of the thread that made it.
package final class EchoServer: Sendable {
    package let name: String
    /// Where it listens, with the ports that the kernel chose for those given as 0; TCP before UDP.
    package let addresses: [SocketAddress]
    private let wakeUp: WakeUp
    private let thread: JoinableThread

    /// Listens on every one of `addresses` with every one of `transports` and starts to answer.
    ///
    /// - Throws: `SocketError` that names the address when it cannot be listened on.
    package init(
        name: String, listen addresses: [SocketAddress], transports: [L4Protocol] = [.tcp]
    ) throws(SocketError) {
        var listeners: [Socket] = []
        var datagramSockets: [Socket] = []
        var bound: [SocketAddress] = []
        for transport in transports {
            for address in addresses {
                let socket = try Socket(transport, address.address.family)
                try socket.bind(to: address)
                if transport == .udp {
                    datagramSockets.append(socket)
                } else {
                    try socket.listen()
                    listeners.append(socket)
                }
                bound.append(try socket.localAddress())
            }
        }
        let wakeUp = try WakeUp()
        let listening = (listeners, datagramSockets)
        self.thread = try JoinableThread {
            var loop = EchoLoop(name: name, listeners: listening.0, datagramSockets: listening.1, wakeUp: wakeUp)
            loop.run()
        }
        self.name = name
        self.addresses = bound
        self.wakeUp = wakeUp
    }

    /// Ends the server: open connections are closed and its ports are free when this returns.
    package func stop() {
        wakeUp.signal()
        thread.join()
    }

    deinit { stop() }
}
