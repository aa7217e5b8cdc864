/// An SCTP packet with one chunk that opens an association (RFC 9260, 3.3.2 and 3.3.3). The kernels that tests run on have
/// no SCTP sockets; conntrack and NAT know the protocol all the same.
struct SCTPPacket: Equatable {
    enum Chunk: UInt8 {
        case initiation = 1
        case initiationAcknowledgement = 2
    }

    /// Type 7: the state cookie, which is opaque to everybody but its maker.
    private static let cookieType: [UInt8] = [0, 7]
    private static let headerLength = 12
    private static let chunkLength = 20

    var sourcePort: UInt16
    var destinationPort: UInt16
    /// The receiver's tag; 0 in the first packet.
    var verificationTag: UInt32
    var chunk: Chunk
    /// The sender's tag, which is never 0.
    var initiateTag: UInt32
    var cookie: [UInt8] = []

    init(
        sourcePort: UInt16, destinationPort: UInt16, verificationTag: UInt32 = 0, chunk: Chunk, initiateTag: UInt32,
        cookie: [UInt8] = []
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.verificationTag = verificationTag
        self.chunk = chunk
        self.initiateTag = initiateTag
        self.cookie = cookie
    }

    /// Nil for what is no such packet, or has a checksum that is wrong: a router that rewrites a packet must renew it.
    init?(_ bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= Self.headerLength + Self.chunkLength, let chunk = Chunk(rawValue: bytes[12]) else {
            return nil
        }
        var blank = bytes
        blank.replaceSubrange(8..<12, with: [0, 0, 0, 0])
        guard Self.checksum(blank) == Array(bytes[8..<12]) else { return nil }
        func number(at offset: Int, _ count: Int) -> UInt32 {
            bytes[offset..<offset + count].reduce(0) { $0 << 8 | UInt32($1) }
        }
        self.init(
            sourcePort: UInt16(number(at: 0, 2)), destinationPort: UInt16(number(at: 2, 2)),
            verificationTag: number(at: 4, 4), chunk: chunk, initiateTag: number(at: 16, 4))
        let parameters = Self.headerLength + Self.chunkLength
        if bytes.count >= parameters + 4, Array(bytes[parameters..<parameters + 2]) == Self.cookieType {
            let end = parameters + Int(number(at: parameters + 2, 2))
            if end <= bytes.count, end >= parameters + 4 { cookie = Array(bytes[parameters + 4..<end]) }
        }
    }

    var bytes: [UInt8] {
        func big(_ number: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
        func big(_ number: UInt16) -> [UInt8] { [8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
        var parameter: [UInt8] = []
        if !cookie.isEmpty {
            parameter = Self.cookieType + big(UInt16(4 + cookie.count)) + cookie
            // The padding counts for the packet, not for the parameter's length.
            while parameter.count % 4 != 0 { parameter.append(0) }
        }
        let length = UInt16(Self.chunkLength + parameter.count)
        var bytes = big(sourcePort) + big(destinationPort) + big(verificationTag) + [0, 0, 0, 0]
        bytes += [chunk.rawValue, 0] + big(length) + big(initiateTag)
        // Window, streams out, streams in, first TSN.
        bytes += big(UInt32(65_536)) + big(UInt16(1)) + big(UInt16(1)) + big(initiateTag) + parameter
        bytes.replaceSubrange(8..<12, with: Self.checksum(bytes))
        return bytes
    }

    /// CRC-32C, least significant byte first (RFC 9260, appendix A).
    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder & 1 == 0 ? remainder >> 1 : remainder >> 1 ^ 0x82F6_3B78 }
        }
        return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: ~remainder >> $0) }
    }
}
