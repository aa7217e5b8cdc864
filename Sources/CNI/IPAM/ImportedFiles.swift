import Net

/// Which files of the reference plugin were taken over in this boot: an `OwnerEntry` for each, one behind the other.
final class ImportedFiles {
    private static let fileName = "imported"
    private let file: LeaseFile
    private var entries: Set<OwnerEntry> = []
    private var count: Int

    init(_ folder: LeaseFolder) throws(CNIError) {
        file = try folder.make(Self.fileName)
        let size = OwnerIndex.entryByteCount
        // Rounded down: the last one may be torn.
        count = try file.byteCount() / size
        let bytes = try file.read(at: 0, byteCount: count * size)
        for index in 0..<count { entries.insert(OwnerEntry(bytes[(index * size)..<((index + 1) * size)])) }
    }

    func contains(_ address: IPAddress, _ owner: LeaseOwner) -> Bool {
        entries.contains(.used(hash: owner.hash, address))
    }

    func add(_ address: IPAddress, _ owner: LeaseOwner) throws(CNIError) {
        let entry = OwnerEntry.used(hash: owner.hash, address)
        try file.write(entry.encoded, at: count * OwnerIndex.entryByteCount)
        count += 1
        entries.insert(entry)
    }
}
