import Net

/// What is known of one address, in the 256 bytes of its slot.
struct LeaseRecord: Hashable, Sendable {
    enum State: UInt8, Sendable {
        case held = 1
        /// Released; not yet for another attachment.
        case cooling = 2
    }

    /// A slot is in one page, so that a process that is killed leaves it as it was or as it should be.
    static let byteCount = 256
    static let textStart = 40

    var state: State
    /// Who holds it, or did.
    var owner: LeaseOwner
    /// When it came to its state, in nanoseconds since boot.
    var sinceNanoseconds: UInt64
    /// The position of the range set that it was given from.
    var setNumber: Int
    /// As the attachment got them: a later configuration may have others.
    var prefixLength: Int
    var gateway: IPAddress?

    /// The slot's bytes: checksum (8), state, prefix length, whether there is a gateway, family of the gateway, length of the interface's
    /// name, length of the container's id, set number (2), since (8), gateway (16), container id, interface name, zeros.
    func encoded(for address: IPAddress) -> [UInt8] {
        let id = Array(owner.containerID.utf8)
        let name = Array(owner.interfaceName.utf8)
        var bytes: [UInt8] = [
            state.rawValue, UInt8(clamping: prefixLength), gateway?.family.rawValue ?? 0, 0,
            UInt8(clamping: name.count),
            UInt8(clamping: id.count),
        ]
        bytes.append(bigEndian: UInt16(clamping: setNumber))
        bytes.append(bigEndian: sinceNanoseconds)
        bytes.append(bigEndian: gateway?.number ?? 0)
        bytes += id + name
        bytes += repeatElement(0, count: Self.byteCount - 8 - bytes.count)
        var slot: [UInt8] = []
        slot.reserveCapacity(Self.byteCount)
        slot.append(bigEndian: Self.checksum(bytes[...], address))
        return slot + bytes
    }

    /// Nil when the bytes are not whole, or not of this address.
    init?(_ slot: ArraySlice<UInt8>, for address: IPAddress) {
        let body = slot.dropFirst(8)
        guard slot.count == Self.byteCount, UInt64(bigEndian: slot.prefix(8)) == Self.checksum(body, address) else {
            return nil
        }
        let field = { (offset: Int) in body[body.startIndex + offset] }
        let text = slot.dropFirst(Self.textStart)
        let (nameLength, idLength) = (Int(field(4)), Int(field(5)))
        guard let state = State(rawValue: field(0)), idLength + nameLength <= text.count,
            let owner = LeaseOwner(
                containerID: String(decoding: text.prefix(idLength), as: UTF8.self),
                interfaceName: String(decoding: text.dropFirst(idLength).prefix(nameLength), as: UTF8.self))
        else { return nil }
        self.state = state
        self.owner = owner
        prefixLength = Int(field(1))
        setNumber = Int(UInt16(bigEndian: slot.dropFirst(14).prefix(2)))
        sinceNanoseconds = UInt64(bigEndian: slot.dropFirst(16).prefix(8))
        gateway = IPFamily(rawValue: field(2)).map {
            IPAddress(number: UInt128(bigEndian: slot.dropFirst(24).prefix(16)), family: $0)
        }
    }

    init(
        _ state: State, _ owner: LeaseOwner, sinceNanoseconds: UInt64, setNumber: Int = 0, prefixLength: Int,
        gateway: IPAddress? = nil
    ) {
        self.state = state
        self.owner = owner
        self.sinceNanoseconds = sinceNanoseconds
        self.setNumber = setNumber
        self.prefixLength = prefixLength
        self.gateway = gateway
    }

    /// With the address in it, so that a record in another's slot is found, too.
    private static func checksum(_ body: ArraySlice<UInt8>, _ address: IPAddress) -> UInt64 {
        var checksum = LeaseChecksum()
        checksum.add(address.bytes[...])
        checksum.add(body)
        return checksum.value
    }
}

extension [UInt8] {
    mutating func append<Number: FixedWidthInteger>(bigEndian number: Number) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

extension FixedWidthInteger {
    /// From bytes in network order.
    init(bigEndian bytes: ArraySlice<UInt8>) {
        self = 0
        for byte in bytes { self = self << 8 | Self(truncatingIfNeeded: byte) }
    }
}
