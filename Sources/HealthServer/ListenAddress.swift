import NIOCore
import Net

/// Where a server listens: "192.0.2.1:30100", "[2001:db8::1]:30100".
package struct ListenAddress: Hashable, Comparable, CustomStringConvertible {
    package let address: IPAddress
    package let port: UInt16

    /// - Parameter port: 0 lets the kernel choose one.
    package init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// As NIO wants it.
    ///
    /// - Throws: `SocketAddressError`, which no address that `IPAddress` prints gives.
    var socketAddress: SocketAddress {
        get throws { try SocketAddress(ipAddress: address.description, port: Int(port)) }
    }

    package var description: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

    package static func < (left: Self, right: Self) -> Bool { (left.address, left.port) < (right.address, right.port) }
}
