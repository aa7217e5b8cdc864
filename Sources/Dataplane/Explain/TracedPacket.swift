import Net

/// A packet that opens a connection.
package struct TracedPacket: Hashable, Sendable {
    package var source: IPAddress
    package var destination: IPAddress
    package var `protocol`: L4Protocol
    package var destinationPort: UInt16
    /// What it came in by; empty when it comes from this node.
    package var inputInterface = ""
    package var mark: UInt32 = 0

    package init(source: IPAddress, destination: IPAddress, port: UInt16, protocol: L4Protocol) {
        self.source = source
        self.destination = destination
        self.protocol = `protocol`
        destinationPort = port
    }
}
