import Net
import Netlink

/// One element of the pods' table that an attachment has or wants.
struct PodElement: Hashable {
    let set: PodSet
    let family: IPFamily
    let key: NFTData
    /// The end of a range that starts with `key`.
    var lastKey: NFTData?
    var data: NFTData?
    /// What to look it up by: of a range a key within.
    var probe: NFTData
    /// What it is about, for errors.
    var port: HostPort?

    init(_ set: PodSet, _ family: IPFamily, key: NFTData, lastKey: NFTData? = nil, data: NFTData? = nil) {
        self.set = set
        self.family = family
        self.key = key
        self.lastKey = lastKey
        self.data = data
        probe = key
    }

    /// What the kernel has.
    init(_ set: PodSet, _ family: IPFamily, _ element: NFTElement) {
        self.init(set, family, key: element.key, lastKey: element.lastKey, data: element.data)
    }

    /// The kernel's element does what this one asks.
    func matches(_ element: NFTElement) -> Bool {
        element.key == key && element.lastKey == lastKey && element.data == data
    }

    var table: NFTTable { PodTable(family).table }
}

extension PodElement {
    /// A host port of a map, as it stands in an element.
    struct Port: Hashable {
        let transport: L4Protocol
        /// Nil for any.
        let hostAddress: IPAddress?
        let hostPort: UInt16
        let podAddress: IPAddress
        let podPort: UInt16
    }

    /// Nil for an element of another set, and for one that nobody of us has written.
    var mappedPort: Port? {
        guard set.isPortMap, let data else { return nil }
        let width = family.byteCount
        let key = self.key.bytes
        let target = data.bytes
        let start = set == .hostAddressPorts ? width : 0
        guard key.count == start + 8, target.count == width + 4, let transport = L4Protocol(rawValue: key[start]),
            let podAddress = IPAddress(bytes: target[..<width])
        else { return nil }
        return Port(
            transport: transport, hostAddress: IPAddress(bytes: key[..<start]),
            hostPort: UInt16(key[start + 4]) << 8 | UInt16(key[start + 5]), podAddress: podAddress,
            podPort: UInt16(target[width]) << 8 | UInt16(target[width + 1]))
    }
}

extension NFTBatch {
    mutating func add(_ element: PodElement, comment: String) {
        addElement(
            element.key, last: element.lastKey, data: element.data, comment: comment,
            to: register(set: element.set.name, in: element.table))
    }

    mutating func delete(_ element: PodElement) {
        let set = register(set: element.set.name, in: element.table)
        if let last = element.lastKey {
            deleteRange(element.key, last, from: set)
        } else {
            deleteElement(element.key, from: set)
        }
    }
}

extension NFTData {
    /// A key of addresses alone.
    init(_ addresses: IPAddress...) {
        self.init()
        for address in addresses { append(address) }
    }
}
