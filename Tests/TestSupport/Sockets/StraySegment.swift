import Net

/// A TCP segment that no connection sent: an acknowledgement (RFC 9293) with any numbers.
package struct StraySegment: Sendable {
    package var source: SocketAddress
    package var destination: SocketAddress
    package var sequence: UInt32
    package var acknowledgement: UInt32
    /// What it can be told by.
    package var window: UInt16

    package init(
        from source: SocketAddress, to destination: SocketAddress, sequence: UInt32 = 1, acknowledgement: UInt32 = 1,
        window: UInt16
    ) {
        self.source = source
        self.destination = destination
        self.sequence = sequence
        self.acknowledgement = acknowledgement
        self.window = window
    }

    /// Sends it from the network namespace of the calling thread, which must have the source address.
    package func send() throws(SocketError) {
        let socket = try Socket(raw: .tcp, source.address.family)
        try socket.bind(to: SocketAddress(source.address, port: 0))
        let code = socket.send(bytes, to: SocketAddress(destination.address, port: 0))
        if code != 0 { throw SocketError(operation: "send of a segment to \(destination)", code: code) }
    }

    private var bytes: [UInt8] {
        var words: [UInt16] = [source.port, destination.port]
        for number in [sequence, acknowledgement] {
            words += [UInt16(number >> 16), UInt16(truncatingIfNeeded: number)]
        }
        // Five words of header, ACK; the window; the checksum; no urgent data.
        words += [5 << 12 | 0x10, window, 0, 0]
        words[8] = checksum(words)
        return words.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }

    /// Over the segment and what of the network header it covers (RFC 9293, 3.1).
    private func checksum(_ words: [UInt16]) -> UInt16 {
        let addresses = source.address.bytes + destination.address.bytes
        var sum = UInt32(L4Protocol.tcp.rawValue) + UInt32(words.count * 2)
        for index in stride(from: 0, to: addresses.count, by: 2) {
            sum += UInt32(addresses[index]) << 8 | UInt32(addresses[index + 1])
        }
        for word in words { sum += UInt32(word) }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return ~UInt16(sum)
    }
}
