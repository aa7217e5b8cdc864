import CNftnl
import Net

extension NFTBatch {
    /// Makes a table; one that exists stays as it is.
    package mutating func add(_ table: NFTTable) {
        appendObject(.table(table), NFT_MSG_NEWTABLE, flags: NLM_F_CREATE, room: table.room) { table.build($0) }
    }

    /// Deletes a table and all that is in it; the transaction fails (`ENOENT`) when there is none.
    package mutating func delete(_ table: NFTTable) {
        appendObject(.table(table), NFT_MSG_DELTABLE, room: table.room) { table.build($0, isNew: false) }
    }

    /// Makes a chain; one that exists the same stays as it is.
    package mutating func add(_ chain: NFTChain, to table: NFTTable) {
        let room = table.room + chain.name.utf8.count
        appendObject(.chain(table, chain.name), NFT_MSG_NEWCHAIN, flags: NLM_F_CREATE, room: room) {
            chain.build($0, table)
        }
    }

    /// Makes a set or a map; one that exists the same stays as it is.
    package mutating func add(_ set: NFTSet, to table: NFTTable) {
        remember(set, NFTSetName(table: table, set: set.name))
        let id = takeSetID()
        // User data is at most 256 bytes, by its lengths of one byte.
        let room = table.room + set.name.utf8.count + 512
        appendObject(.set(table, set.name), NFT_MSG_NEWSET, flags: NLM_F_CREATE, room: room) {
            set.build($0, table, id: id)
        }
    }

    /// Appends a rule to its chain.
    package mutating func add(_ rule: NFTRule, to table: NFTTable) {
        let name = NFTObjectName.rule(table, chain: rule.chain)
        let room = table.room + rule.room
        appendObject(name, NFT_MSG_NEWRULE, flags: NLM_F_CREATE | NLM_F_APPEND, room: room) { rule.build($0, table) }
    }

    /// Deletes the rules of a chain, or (nil) of all chains of the table.
    package mutating func flushRules(of chain: String? = nil, in table: NFTTable) {
        let room = table.room + (chain ?? "").utf8.count
        appendObject(.rulesOf(table, chain: chain), NFT_MSG_DELRULE, room: room) {
            mnl_attr_put_strz($0, UInt16(NFTA_RULE_TABLE), table.name)
            if let chain { mnl_attr_put_strz($0, UInt16(NFTA_RULE_CHAIN), chain) }
        }
    }

    /// Deletes all elements of a set that there are before the transaction.
    package mutating func flushElements(of set: String, in table: NFTTable) {
        let room = table.room + set.utf8.count
        appendObject(.elementsOf(table, set: set), NFT_MSG_DELSETELEM, room: room) {
            mnl_attr_put_strz($0, UInt16(NFTA_SET_ELEM_LIST_TABLE), table.name)
            mnl_attr_put_strz($0, UInt16(NFTA_SET_ELEM_LIST_SET), set)
        }
    }

    /// Deletes a chain and its rules; the transaction fails when a rule still leads to it.
    package mutating func delete(chain: String, in table: NFTTable) {
        let room = table.room + chain.utf8.count
        appendObject(.chain(table, chain), NFT_MSG_DELCHAIN, room: room) {
            mnl_attr_put_strz($0, UInt16(NFTA_CHAIN_TABLE), table.name)
            mnl_attr_put_strz($0, UInt16(NFTA_CHAIN_NAME), chain)
        }
    }

    /// Deletes a set with its elements; the transaction fails when a rule still uses it.
    package mutating func delete(set: String, in table: NFTTable) {
        remember(nil, NFTSetName(table: table, set: set))
        let room = table.room + set.utf8.count
        appendObject(.set(table, set), NFT_MSG_DELSET, room: room) {
            mnl_attr_put_strz($0, UInt16(NFTA_SET_TABLE), table.name)
            mnl_attr_put_strz($0, UInt16(NFTA_SET_NAME), set)
        }
    }
}

extension NFTTable {
    /// Room for the table's name and the fixed attributes of any object.
    fileprivate var room: Int { name.utf8.count + 512 }

    fileprivate func build(_ message: UnsafeMutablePointer<nlmsghdr>, isNew: Bool = true) {
        let object = allocated(nftnl_table_alloc())
        defer { nftnl_table_free(object) }
        nftnl_table_set_str(object, UInt16(NFTNL_TABLE_NAME), name)
        if isNew { nftnl_table_set_u32(object, UInt16(NFTNL_TABLE_FLAGS), 0) }
        nftnl_table_nlmsg_build_payload(message, object)
    }
}

extension NFTChain {
    fileprivate func build(_ message: UnsafeMutablePointer<nlmsghdr>, _ table: NFTTable) {
        let object = allocated(nftnl_chain_alloc())
        defer { nftnl_chain_free(object) }
        nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TABLE), table.name)
        nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_NAME), name)
        if let base {
            nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TYPE), base.kind.rawValue)
            nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_HOOKNUM), base.hook.number)
            nftnl_chain_set_s32(object, UInt16(NFTNL_CHAIN_PRIO), base.priority)
            // Also for a chain that is there: somebody may have changed it.
            nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_POLICY), UInt32(NF_ACCEPT))
        }
        nftnl_chain_nlmsg_build_payload(message, object)
    }
}

extension NFTSet {
    fileprivate func build(_ message: UnsafeMutablePointer<nlmsghdr>, _ table: NFTTable, id: UInt32) {
        let family = table.family
        let object = allocated(nftnl_set_alloc())
        defer { nftnl_set_free(object) }
        nftnl_set_set_str(object, UInt16(NFTNL_SET_TABLE), table.name)
        nftnl_set_set_str(object, UInt16(NFTNL_SET_NAME), name)
        nftnl_set_set_u32(object, UInt16(NFTNL_SET_FLAGS), flags)
        nftnl_set_set_u32(object, UInt16(NFTNL_SET_KEY_TYPE), key.dataType(family))
        nftnl_set_set_u32(object, UInt16(NFTNL_SET_KEY_LEN), UInt32(key.byteCount(family)))
        if let data {
            nftnl_set_set_u32(object, UInt16(NFTNL_SET_DATA_TYPE), data.dataType(family))
            nftnl_set_set_u32(object, UInt16(NFTNL_SET_DATA_LEN), UInt32(data.byteCount(family)))
        } else if isVerdictMap {
            nftnl_set_set_u32(object, UInt16(NFTNL_SET_DATA_TYPE), UInt32(NFT_DATA_VERDICT.rawValue))
            nftnl_set_set_u32(object, UInt16(NFTNL_SET_DATA_LEN), 0)
        }
        if isInterval, key.count > 1 {
            let lengths = key.map { UInt8($0.byteCount(family)) }
            nftnl_set_set_data(object, UInt16(NFTNL_SET_DESC_CONCAT), lengths, UInt32(lengths.count))
        }
        nftnl_set_set_u32(object, UInt16(NFTNL_SET_ID), id)
        if let size { nftnl_set_set_u32(object, UInt16(NFTNL_SET_DESC_SIZE), size) }
        let notes = userData(family)
        nftnl_set_set_data(object, UInt16(NFTNL_SET_USERDATA), notes, UInt32(notes.count))
        nftnl_set_nlmsg_build_payload(message, object)
    }

    private var flags: UInt32 {
        var flags: UInt32 = 0
        if isInterval { flags |= NFT_SET_INTERVAL.rawValue | (key.count > 1 ? NFT_SET_CONCAT.rawValue : 0) }
        if data != nil || isVerdictMap { flags |= NFT_SET_MAP.rawValue }
        if isDynamic { flags |= NFT_SET_EVAL.rawValue | NFT_SET_TIMEOUT.rawValue }
        return flags
    }
}
