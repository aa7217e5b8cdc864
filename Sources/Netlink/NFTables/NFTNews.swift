/// What a message of nf_tables' multicast group tells.
package enum NFTNews: Hashable, Sendable {
    /// An object of a table that is followed is new, has changed or is gone.
    case change(NFTChange)
    /// A transaction is complete: what was told since the last one is its.
    case transaction(NFTGeneration)
    /// News were lost.
    case overflow
}

/// One object that a transaction of somebody else touched.
package struct NFTChange: Hashable, Sendable {
    package enum Object: Hashable, Sendable {
        case table
        case chain(String)
        case set(String)
        case rule(chain: String)
        case element(set: String, key: NFTData)
        /// A stateful object or a flow table, which Fairlead does not use.
        case other
    }

    package let table: NFTTable
    package let object: Object
    /// It was added or changed; else it was deleted.
    package let isThere: Bool

    package init(table: NFTTable, object: Object, isThere: Bool) {
        self.table = table
        self.object = object
        self.isThere = isThere
    }
}

/// A state of nf_tables in one network namespace, and who brought it about (`NFT_MSG_NEWGEN`).
package struct NFTGeneration: Hashable, Sendable {
    /// Goes up by one with each transaction, and from the highest to 1.
    package let number: UInt32
    package let process: NFTProcess?

    package init(number: UInt32, process: NFTProcess?) {
        self.number = number
        self.process = process
    }
}

/// A process that changed nf_tables, as the kernel names it.
package struct NFTProcess: Hashable, Sendable, CustomStringConvertible {
    /// Of the initial process namespace.
    package let processID: Int32
    /// At most 15 bytes (`task_struct.comm`), of the thread that did it.
    package let name: String

    package init(processID: Int32, name: String) {
        self.processID = processID
        self.name = name
    }

    /// `nft (pid 123)`.
    package var description: String { "\(name) (pid \(processID))" }
}
