import Net

/// One entry of an `OwnerIndex`, in 32 bytes: hash (8), address (16), family or 0 where one was removed, zeros (3), checksum (4). All
/// zeros are an empty one.
enum OwnerEntry: Hashable, Sendable {
    case empty
    case removed
    case used(hash: UInt64, IPAddress)
    case unreadable

    init(_ bytes: ArraySlice<UInt8>) {
        guard bytes.contains(where: { $0 != 0 }) else {
            self = .empty
            return
        }
        guard UInt32(bigEndian: bytes.dropFirst(28)) == Self.checksum(bytes.prefix(28)) else {
            self = .unreadable
            return
        }
        guard let family = IPFamily(rawValue: UInt8(bigEndian: bytes.dropFirst(24).prefix(1))) else {
            self = .removed
            return
        }
        let number = UInt128(bigEndian: bytes.dropFirst(8).prefix(16))
        self = .used(hash: UInt64(bigEndian: bytes.prefix(8)), IPAddress(number: number, family: family))
    }

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        switch self {
        case .empty, .unreadable: return [UInt8](repeating: 0, count: OwnerIndex.entryByteCount)
        case .removed: bytes = [UInt8](repeating: 0, count: 28)
        case .used(let hash, let address):
            bytes.append(bigEndian: hash)
            bytes.append(bigEndian: address.number)
            bytes += [address.family.rawValue, 0, 0, 0]
        }
        bytes.append(bigEndian: Self.checksum(bytes[...]))
        return bytes
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var checksum = LeaseChecksum()
        checksum.add(bytes)
        return UInt32(truncatingIfNeeded: checksum.value)
    }
}
