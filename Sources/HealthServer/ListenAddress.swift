import NIOCore
import Net

/// Where a health check server listens: "192.0.2.1:30100", "[2001:db8::1]:30100".
struct ListenAddress: Hashable, Comparable, CustomStringConvertible {
    let address: IPAddress
    let port: UInt16

    /// As NIO wants it.
    ///
    /// - Throws: `SocketAddressError`, which no address that `IPAddress` prints gives.
    var socketAddress: SocketAddress {
        get throws { try SocketAddress(ipAddress: address.description, port: Int(port)) }
    }

    var description: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

    static func < (left: Self, right: Self) -> Bool { (left.address, left.port) < (right.address, right.port) }
}
