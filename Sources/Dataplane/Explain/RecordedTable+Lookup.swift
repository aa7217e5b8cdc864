import Net
import Netlink

extension RecordedTable.Elements {
    /// What the kernel would find: the data of a map, or empty for an element or interval of a set.
    package subscript(key: [UInt8]) -> [UInt8]? {
        if let data = exact[key] { return data }
        if !intervals.isEmpty, let address = IPAddress(bytes: key), intervals.contains(where: { $0.contains(address) })
        {
            return []
        }
        let isInRange = ranges.contains { range in
            key.starts(with: range.key)
                && IPAddress(bytes: key.dropFirst(range.key.count)).map(range.prefix.contains) ?? false
        }
        return isInRange ? [] : nil
    }

    /// As nft prints a key: `10.96.0.1 . tcp . 80`.
    package func keyText(_ bytes: [UInt8], _ family: IPFamily) -> String { key.text(bytes, family) }

    package func dataText(_ bytes: [UInt8], _ family: IPFamily) -> String { data.text(bytes, family) }
}
