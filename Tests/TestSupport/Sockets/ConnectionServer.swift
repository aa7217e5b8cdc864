import Net
import Synchronization

/// The other side of a `ConnectionProbe`: accepts and closes, and sends back the first byte of each datagram.
///
/// It has a thread for TCP on all addresses and one for each UDP address, since a datagram must come back from the address that
/// it was sent to. All are in the network namespace of the thread that made it.
package final class ConnectionServer: Sendable {
    /// As often its threads look whether they are to end.
    private static let blockingMilliseconds = 100

    private let isStopped = Flag()
    private let threads: [JoinableThread]

    private final class Flag: Sendable {
        let value = Atomic(false)
        var isSet: Bool { value.load(ordering: .relaxed) }
    }

    /// - Parameter backlog: TCP connections that may wait; `net.core.somaxconn` must allow as many.
    /// - Throws: `SocketError` when an address cannot be listened on.
    package init(port: UInt16, addresses: [IPAddress], backlog: Int32) throws(SocketError) {
        let isStopped = isStopped
        do {
            threads = try Self.listen(port, addresses, backlog) { isStopped.isSet }
        } catch {
            isStopped.value.store(true, ordering: .relaxed)
            throw error
        }
    }

    private static func listen(
        _ port: UInt16, _ addresses: [IPAddress], _ backlog: Int32, until isStopped: @escaping @Sendable () -> Bool
    ) throws(SocketError) -> [JoinableThread] {
        var threads: [JoinableThread] = []
        for family in Set(addresses.map(\.family)) {
            let listener = try Socket(.tcp, family, blockingMilliseconds: blockingMilliseconds)
            try listener.bind(to: SocketAddress(IPAddress(number: 0, family: family), port: port))
            try listener.listen(backlog: backlog)
            threads.append(try JoinableThread { while !isStopped() { _ = listener.acceptAndClose() } })
        }
        for address in addresses {
            let socket = try Socket(.udp, address.family, blockingMilliseconds: blockingMilliseconds)
            try socket.bind(to: SocketAddress(address, port: port))
            threads.append(try JoinableThread { while !isStopped() { socket.echoByte() } })
        }
        return threads
    }

    /// Ends the server; its ports are free when this returns.
    package func stop() {
        isStopped.value.store(true, ordering: .relaxed)
        for thread in threads { thread.join() }
    }

    deinit { stop() }
}
