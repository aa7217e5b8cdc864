import Net
import Netlink

extension KubeProxyTraces {
    /// How often removal starts over when what was found changes meanwhile.
    private static var attempts: Int { 5 }

    /// Looks in the network namespace of the calling thread. Lists no rules where there is no chain
    /// of kube-proxy's.
    package static func find() throws(NetlinkError) -> KubeProxyTraces {
        var socket = try NFTSocket()
        var found = KubeProxyTraces()
        for family in IPFamily.allCases { try found.add(family, &socket) }
        var links = try RouteSocket()
        found.hasLink = try links.links().contains { $0.name == linkName }
        found.legacyTables = LegacyIPTables.tables
        return found
    }

    /// Removes everything there is in the network namespace of the calling thread, in one transaction a family.
    ///
    /// - Returns: what was removed, and what legacy tables there are.
    /// - Throws: `NetlinkError`; of the family that it is about nothing is removed then.
    package static func remove() throws(NetlinkError) -> KubeProxyTraces {
        var socket = try NFTSocket()
        var removed = KubeProxyTraces()
        for family in IPFamily.allCases { try remove(family, &socket, &removed) }
        let others = try find()
        removed.legacyTables = others.legacyTables
        guard others.hasLink else { return removed }
        var links = try RouteSocket()
        try links.perform(.deleteLink(.name(linkName)))
        removed.hasLink = true
        return removed
    }

    private static func remove(
        _ family: IPFamily, _ socket: inout NFTSocket, _ removed: inout KubeProxyTraces
    ) throws(NetlinkError) {
        for attempt in 1...attempts {
            var next = removed
            try next.add(family, &socket)
            var batch = NFTBatch()
            for table in next.tables where table.family == family { batch.delete(table) }
            for rules in next.rules where rules.table.family == family { rules.remove(in: &batch) }
            do throws(NetlinkError) {
                try socket.commit(&batch)
                removed = next
                return
            } catch {
                // A kube-proxy that still runs may have changed its rules since they were listed.
                if attempt == attempts { throw error }
            }
        }
    }

    private mutating func add(_ family: IPFamily, _ socket: inout NFTSocket) throws(NetlinkError) {
        for table in try socket.tables() where table.family == family {
            if table.name == Self.tableName { tables.append(table) }
            guard Self.iptablesNames.contains(table.name) else { continue }
            let chains = try socket.foreignChains(of: table)
            let found = try KubeProxyRules(table: table, chains: chains) { chain throws(NetlinkError) in
                try socket.foreignRules(ofChain: chain, in: table)
            }
            if let found { rules.append(found) }
        }
    }
}
