import Net

/// What an attachment is called in the kernel: all of it follows from the attachment alone, so that DEL needs to know nothing else.
extension Attachment {
    /// The name of the host's end: 4 letters that tools know containers' links by, and 11 digits of base 32.
    package var hostLinkName: String {
        let digits = Array("abcdefghijklmnopqrstuvwxyz234567")
        let hash = self.hash(salt: 0)
        return "veth" + String((0..<11).map { digits[Int(truncatingIfNeeded: hash >> (5 * UInt64($0))) & 31] })
    }

    /// The container's address where none is asked for. What is random would be as good for the link; this one also finds
    /// the neighbour entries that are left when the link is gone.
    var macAddress: MACAddress { MACAddress.local(hash(salt: 1)) }

    /// The address of the host's end. One that is set is left alone by udev.
    var hostMACAddress: MACAddress { MACAddress.local(hash(salt: 2)) }

    /// What `ip -d link` shows of both ends, and GC looks for. None of the parts can have a slash (CNI specification,
    /// "Parameters"; the kernel's rule for names).
    package var linkAlias: String { Self.aliasPrefix(network) + "\(containerID)/\(interfaceName)" }

    /// The longest alias, in bytes (IFALIASZ of linux/if.h, less its NUL).
    static let aliasLimit = 255

    /// How the aliases of all attachments in a network begin.
    private static func aliasPrefix(_ network: String) -> String { "fairlead/\(network)/" }

    /// The attachment that a link says it is of; nil when it says something else.
    package init?(linkAlias: String) {
        let parts = linkAlias.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "fairlead" else { return nil }
        self.init(network: parts[1], containerID: parts[2], interfaceName: parts[3])
    }

    /// FNV-1a over the three parts, with its bits mixed at the end (MurmurHash3's finalizer), for short texts differ in the
    /// low bits only.
    private func hash(salt: UInt8) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        let bytes = [salt] + "\(network)/\(containerID)/\(interfaceName)".utf8
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }
}

extension MACAddress {
    /// A unicast address that no vendor gave, from the bits of a number.
    static func local(_ bits: UInt64) -> MACAddress {
        MACAddress(bits: bits & ~(1 << 40) | 1 << 41)
    }
}
