/// Who has a lease in a network: its attachment without the network's name, which the directory has.
struct LeaseOwner: Hashable, Sendable {
    /// What a record has room for; container ids of containerd, CRI-O and podman have 64 characters.
    static let byteCountLimit = LeaseRecord.byteCount - LeaseRecord.textStart

    /// Of an address whose record was damaged.
    static let nobody = LeaseOwner()

    let containerID: String
    let interfaceName: String

    private init() { (containerID, interfaceName) = ("", "") }

    /// Nil when the two are too long for a record.
    init?(containerID: String, interfaceName: String) {
        guard containerID.utf8.count + interfaceName.utf8.count <= Self.byteCountLimit else { return nil }
        self.containerID = containerID
        self.interfaceName = interfaceName
    }

    init?(_ attachment: Attachment) {
        self.init(containerID: attachment.containerID, interfaceName: attachment.interfaceName)
    }

    /// Where the index looks for it.
    var hash: UInt64 {
        var checksum = LeaseChecksum()
        checksum.add((Array(containerID.utf8) + [0] + Array(interfaceName.utf8))[...])
        return checksum.value
    }

    func attachment(in network: String) -> Attachment {
        Attachment(network: network, containerID: containerID, interfaceName: interfaceName)
    }
}
