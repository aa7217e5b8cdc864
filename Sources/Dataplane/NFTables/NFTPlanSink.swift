import Net
import Netlink

/// Where a plan is written: a batch for the kernel, or a record for the packet tracer.
package protocol NFTPlanSink: ~Copyable {
    /// Replaces the whole table, if there is one, by an empty one.
    mutating func replace(_ table: NFTTable)
    /// Deletes the rules of a chain, or (nil) of all chains.
    mutating func flushRules(of chain: String?, in table: NFTTable)
    mutating func flushElements(of set: String, in table: NFTTable)
    /// Deletes a chain that no rule leads to.
    mutating func delete(chain: String, in table: NFTTable)
    /// Deletes a set that no rule uses.
    mutating func delete(set: String, in table: NFTTable)
    /// Makes a set, a chain; one that exists the same stays as it is.
    mutating func create(_ set: NFTSet, in table: NFTTable)
    mutating func create(_ chain: NFTChain, in table: NFTTable)
    mutating func create(_ rule: NFTRule, in table: NFTTable)
    mutating func add(_ key: NFTData, data: NFTData?, to set: SetID, family: IPFamily)
    mutating func delete(_ key: NFTData, from set: SetID, family: IPFamily)
    /// Adds an element that leads to a chain.
    mutating func add(_ key: NFTData, goto chain: String, to set: SetID, family: IPFamily)
    /// Adds a network to a set of networks.
    mutating func add(_ prefix: IPPrefix, to set: SetID)
    mutating func delete(_ prefix: IPPrefix, from set: SetID)
    /// Adds a network as the last field of keys.
    mutating func add(_ key: NFTData, _ prefix: IPPrefix, to set: SetID)
    mutating func delete(_ key: NFTData, _ prefix: IPPrefix, from set: SetID)
}

extension NFTPlanSink where Self: ~Copyable {
    mutating func create(_ set: SetID, in layout: NFTLayout) {
        create(set.definition(capacity: layout.capacity), in: layout.table)
    }
}

/// Encodes a plan into one reused batch.
package struct NFTBatchSink: ~Copyable, Sendable, NFTPlanSink {
    package var batch = NFTBatch()
    /// By `SetID.index`, IPv4 and IPv6 in turn: an element finds its buffer without hashing a name.
    private var references: [NFTSetReference?] = []

    package init() {}

    package mutating func replace(_ table: NFTTable) {
        // Deleting what is not there is an error; adding what is there is not.
        batch.add(table)
        batch.delete(table)
        batch.add(table)
    }

    package mutating func flushRules(of chain: String?, in table: NFTTable) { batch.flushRules(of: chain, in: table) }

    package mutating func flushElements(of set: String, in table: NFTTable) {
        batch.flushElements(of: set, in: table)
    }

    package mutating func delete(chain: String, in table: NFTTable) { batch.delete(chain: chain, in: table) }
    package mutating func delete(set: String, in table: NFTTable) { batch.delete(set: set, in: table) }
    package mutating func create(_ set: NFTSet, in table: NFTTable) { batch.add(set, to: table) }
    package mutating func create(_ chain: NFTChain, in table: NFTTable) { batch.add(chain, to: table) }
    package mutating func create(_ rule: NFTRule, in table: NFTTable) { batch.add(rule, to: table) }

    package mutating func add(_ key: NFTData, data: NFTData?, to set: SetID, family: IPFamily) {
        batch.addElement(key, data: data, to: reference(set, family))
    }

    package mutating func delete(_ key: NFTData, from set: SetID, family: IPFamily) {
        batch.deleteElement(key, from: reference(set, family))
    }

    package mutating func add(_ key: NFTData, goto chain: String, to set: SetID, family: IPFamily) {
        batch.addElement(key, goto: chain, to: reference(set, family))
    }

    package mutating func add(_ prefix: IPPrefix, to set: SetID) {
        batch.addInterval(prefix, to: reference(set, prefix.family))
    }

    package mutating func delete(_ prefix: IPPrefix, from set: SetID) {
        batch.deleteInterval(prefix, from: reference(set, prefix.family))
    }

    package mutating func add(_ key: NFTData, _ prefix: IPPrefix, to set: SetID) {
        batch.addRange(
            key.appending(prefix.address), key.appending(prefix.lastAddress), to: reference(set, prefix.family))
    }

    package mutating func delete(_ key: NFTData, _ prefix: IPPrefix, from set: SetID) {
        batch.deleteRange(
            key.appending(prefix.address), key.appending(prefix.lastAddress), from: reference(set, prefix.family))
    }

    private mutating func reference(_ set: SetID, _ family: IPFamily) -> NFTSetReference {
        let index = set.index * 2 + (family == .ipv4 ? 0 : 1)
        if index < references.count, let reference = references[index] { return reference }
        let reference = batch.register(set: set.name, in: NFTTable(family: family, name: NFTLayout.tableName))
        if index >= references.count { references += Array(repeating: nil, count: index + 1 - references.count) }
        references[index] = reference
        return reference
    }
}

extension NFTData {
    package func appending(_ address: IPAddress) -> NFTData {
        var data = self
        data.append(address)
        return data
    }

    func appending(number: UInt32) -> NFTData {
        var data = self
        data.append(number: number)
        return data
    }
}
